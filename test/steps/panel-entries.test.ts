import { expect, test } from 'vitest'
import { at, caa, cname, srv, tlsa } from '../../conformance/rrsets.js'
import type { Name } from '../../records/rr/name.js'
import { afterOf, beforeOf, type Change, type RRset, rdataTexts } from '../../records/rr/rrset.js'
import type { PlannedChange } from '../../src/plan/plan.js'
import { renderPlanMarkdown } from '../../src/render/markdown/plan-markdown.js'
import { looseEntries, panelEntries } from '../../src/steps/panel-entries.js'
import { wholeValue } from '../../src/steps/panel-fields.js'
import { VALUE_MISTAKES } from '../../src/steps/words.js'
import { valueMistake } from '../../src/steps/wrong-value.js'
import { planOf } from '../render/plan/plans.js'

const ZONE = 'example.com.' as Name
const HEX = 'ab'.repeat(64)

function planned(change: Change): PlannedChange {
  const [before = [], after = []] = [beforeOf(change), afterOf(change)].map((rrset) => (rrset ? rdataTexts(rrset) : []))
  const edit = { purpose: 'host', before, after, adopts: false } as const
  return { ...change, edits: [edit], kept: 0, manifest: false } as PlannedChange
}

test.each<[RRset, object]>([
  [
    srv('_imaps._tcp', [0, 1, 993, 'mail.example.com.']),
    { priority: 0, weight: 1, port: 993, value: 'mail.example.com' },
  ],
  [srv('_imap._tcp', [0, 0, 0, '.']), { priority: 0, weight: 0, port: 0, value: '.' }],
  [
    caa('@', [128, 'issue', 'ca.example.net; account=1']),
    { flags: 128, tag: 'issue', value: 'ca.example.net; account=1' },
  ],
  [tlsa('_25._tcp.mail', [1, 0, 2, HEX]), { usage: 1, selector: 0, matching: 2, value: HEX }],
  [cname('s1._domainkey', 's1.example.net.'), { value: 's1.example.net' }],
])('a record has the fields that panels have for it: $type', (rrset, fields) => {
  const [entry] = looseEntries(rrset)
  expect(entry).toEqual({ do: 'add', host: rrset.name.slice(0, -1), type: rrset.type, ...fields, ttl: 3600 })
})

test('a change says what stood in each field', () => {
  const [before, after] = [
    srv('_imaps._tcp', [0, 1, 993, 'a.example.com.']),
    srv('_imaps._tcp', [5, 1, 993, 'b.example.com.']),
  ]
  const [drafted] = panelEntries(planned({ kind: 'update', before, after }), ZONE)
  expect(drafted?.entry).toMatchObject({
    do: 'change',
    priority: 5,
    value: 'b.example.com',
    was: { priority: 0, value: 'a.example.com' },
  })
  const text = renderPlanMarkdown(
    planOf({ manual: [{ what: '', why: '', zone: ZONE, provider: 'panel', entries: drafted ? [drafted.entry] : [] }] }),
  )
  expect(text).toContain('|  | host | type | priority | weight | port | value | TTL |')
  expect(text).toMatch(/`0` → `5` \| `1` \| `993` \| `a.example.com` → `b.example.com`/)
  expect(drafted && wholeValue(drafted.entry)).toBe('5 1 993 b.example.com')
})

test.each<[string, RRset, RRset, string | undefined]>([
  [
    'numbers in the target',
    srv('s', [0, 1, 993, 'mail.example.net.']),
    srv('s', [0, 0, 0, '0\\0321\\032993\\032mail.example.net.']),
    'priority-in-value',
  ],
  [
    'the zone after the target',
    srv('s', [0, 1, 993, 'mail.example.net.']),
    srv('s', [0, 1, 993, 'mail.example.net.example.com.']),
    'relative-target',
  ],
  ['a value in quotes', caa('@', [0, 'issue', 'ca.example.net']), caa('@', [0, 'issue', '"ca.example.net"']), 'quotes'],
  ['another tag', caa('@', [0, 'issue', 'ca.example.net']), caa('@', [0, 'issuewild', '"ca.example.net"']), undefined],
  ['data that the panel cut', tlsa('t', [3, 1, 2, HEX]), tlsa('t', [3, 1, 2, HEX.slice(0, 126)]), 'cut'],
  ['other data', tlsa('t', [3, 1, 1, HEX]), tlsa('t', [3, 1, 1, HEX.replace('a', 'c')]), undefined],
])('what was entered wrongly is known: %s', (_, right, wrong, mistake) => {
  expect(valueMistake(right.type, right.rdata[0] as never, wrong.rdata[0] as never, ZONE)).toBe(mistake)
})

test('numbers in a target are told field by field', () => {
  const [entry] = looseEntries(srv('_imaps._tcp', [0, 1, 993, 'mail.example.com.']))
  expect(
    VALUE_MISTAKES['priority-in-value']({ name: at('_imaps._tcp'), entry: entry as never, zone: 'example.com' }),
  ).toEqual({
    message: 'the target at _imaps._tcp.example.com. begins with numbers',
    hint: 'enter 0 in the field for the priority, 1 in the field for the weight, 993 in the field for the port, and the name alone as the value',
  })
})
