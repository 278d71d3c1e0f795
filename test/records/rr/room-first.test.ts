import { expect, test } from 'vitest'
import { roomFirst } from '../../../records/rr/room-first.js'
import type { Change, RRset } from '../../../records/rr/rrset.js'

const rrset = (name: string, type: 'A' | 'CNAME' | 'TXT'): RRset =>
  ({ type, name, ttl: 60, rdata: [type === 'CNAME' ? 'elsewhere.example.' : '192.0.2.1'] }) as unknown as RRset
const put = (name: string, type: 'A' | 'CNAME' | 'TXT'): Change => ({ kind: 'create', after: rrset(name, type) })
const gone = (name: string, type: 'A' | 'CNAME' | 'TXT'): Change => ({ kind: 'delete', before: rrset(name, type) })

test('what a CNAME cannot stand beside goes right before it comes, and comes right after it goes', () => {
  const [a, b] = ['a.example.', 'b.example.']
  expect(roomFirst([put(b, 'TXT'), put(a, 'CNAME'), gone(b, 'A'), gone(a, 'TXT'), gone(a, 'A')])).toEqual([
    put(b, 'TXT'),
    gone(a, 'TXT'),
    gone(a, 'A'),
    put(a, 'CNAME'),
    gone(b, 'A'),
  ])
  expect(roomFirst([put(a, 'TXT'), put(a, 'A'), gone(a, 'CNAME')])).toEqual([
    gone(a, 'CNAME'),
    put(a, 'TXT'),
    put(a, 'A'),
  ])
})

test('all else keeps its order', () => {
  const changes = [
    gone('a.example.', 'TXT'),
    put('a.example.', 'A'),
    put('b.example.', 'CNAME'),
    gone('c.example.', 'A'),
  ]
  expect(roomFirst(changes)).toEqual(changes)
})
