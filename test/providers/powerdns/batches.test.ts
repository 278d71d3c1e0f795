import { describe, expect, test } from 'vitest'
import { a, cname, mx, txt } from '../../../conformance/rrsets.js'
import { batchesOf } from '../../../providers/powerdns/batches.js'
import type { NativeRecord } from '../../../providers/powerdns/convert.js'
import { heldZone } from '../../../providers/powerdns/held.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'

const ZONE = 'example.com.' as Name

/** What is sent for changes of a zone that holds these records: `CHANGETYPE name type ttl: contents`. */
function sent(changes: readonly Change[], held: Readonly<Record<string, readonly NativeRecord[]>>, knowsValues = true) {
  const rrsets = Object.entries(held).map(([key, records]) => {
    const [name = '', type = ''] = key.split(' ')
    return { name, type, ttl: 3600, records }
  })
  const { records } = heldZone({ name: ZONE, kind: 'Native', rrsets }, ZONE)
  return batchesOf(changes, records, knowsValues).map(({ patches }) =>
    patches.map((patch) => {
      const contents = patch.records?.map(({ content, disabled }) => (disabled ? `(${content})` : content)) ?? []
      return [patch.changetype, patch.name, patch.type, ...(patch.records ? [patch.ttl] : []), ...contents].join(' ')
    }),
  )
}

const stranger = { content: '"MS=ms1"' }
const addSpf: Change = { kind: 'update', before: txt('@', ['MS=ms1']), after: txt('@', ['MS=ms1', 'v=spf1 -all']) }

describe('value by value', () => {
  test('a value that is added is all that is sent', () => {
    expect(sent([addSpf], { 'example.com. TXT': [stranger] })).toEqual([['EXTEND example.com. TXT 3600 "v=spf1 -all"']])
  })

  test('a value that changes is added before the old one is taken away, so that the comments of the RRset stay', () => {
    const change: Change = { kind: 'update', before: txt('@', ['one']), after: txt('@', ['two']) }
    expect(sent([change], { 'example.com. TXT': [{ content: '"one"' }] })).toEqual([
      ['EXTEND example.com. TXT 3600 "two"', 'PRUNE example.com. TXT 3600 "one"'],
    ])
  })

  test('what is deleted goes first, value by value', () => {
    const changes: Change[] = [
      { kind: 'create', after: a('new', ['192.0.2.1']) },
      { kind: 'delete', before: a('old', ['192.0.2.1', '192.0.2.2']) },
    ]
    const held = { 'old.example.com. A': [{ content: '192.0.2.1' }, { content: '192.0.2.2' }] }
    expect(sent(changes, held)).toEqual([
      [
        'PRUNE old.example.com. A 3600 192.0.2.1',
        'PRUNE old.example.com. A 3600 192.0.2.2',
        'EXTEND new.example.com. A 3600 192.0.2.1',
      ],
    ])
  })
})

describe('as a whole', () => {
  test('on a server that knows no values', () => {
    expect(sent([addSpf], { 'example.com. TXT': [stranger] }, false)).toEqual([
      ['REPLACE example.com. TXT 3600 "MS=ms1" "v=spf1 -all"'],
    ])
  })

  test('a new TTL', () => {
    const change: Change = { kind: 'update', before: a('x', ['192.0.2.1']), after: a('x', ['192.0.2.1'], 60) }
    expect(sent([change], { 'x.example.com. A': [{ content: '192.0.2.1' }] })).toEqual([
      ['REPLACE x.example.com. A 60 192.0.2.1'],
    ])
  })

  test('an RRset with a disabled value, which stays disabled', () => {
    expect(sent([addSpf], { 'example.com. TXT': [stranger, { content: '"old"', disabled: true }] })).toEqual([
      ['REPLACE example.com. TXT 3600 "MS=ms1" "v=spf1 -all" ("old")'],
    ])
  })

  test('an RRset whose disabled value is the one that is wanted: it is served from now on', () => {
    expect(sent([addSpf], { 'example.com. TXT': [stranger, { content: '"v=spf1 -all"', disabled: true }] })).toEqual([
      ['REPLACE example.com. TXT 3600 "MS=ms1" "v=spf1 -all"'],
    ])
  })

  test('a CNAME, and only after what stood there is gone', () => {
    const changes: Change[] = [
      { kind: 'create', after: cname('x', 'y.example.net.') },
      { kind: 'delete', before: a('x', ['192.0.2.1']) },
    ]
    expect(sent(changes, { 'x.example.com. A': [{ content: '192.0.2.1' }] })).toEqual([
      ['PRUNE x.example.com. A 3600 192.0.2.1', 'REPLACE x.example.com. CNAME 3600 y.example.net.'],
    ])
  })

  test('what takes away a value that is not spelled as mailsync would; what stays keeps its spelling', () => {
    const before = mx('@', [10, 'a.example.net.'], [20, 'b.example.net.'])
    const change: Change = { kind: 'update', before, after: mx('@', [10, 'a.example.net.']) }
    const held = { 'example.com. MX': [{ content: '10 A.example.net.' }, { content: '20 B.example.net.' }] }
    expect(sent([change], held)).toEqual([['REPLACE example.com. MX 3600 10 A.example.net.']])
    expect(sent([{ kind: 'delete', before }], held)).toEqual([['DELETE example.com. MX']])
  })
})
