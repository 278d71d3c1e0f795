import { afterEach, describe, expect, test } from 'vitest'
import { a, changesBetween, mx, txt } from '../../../conformance/rrsets.js'
import type { WriteResult } from '../../../providers/provider.js'
import {
  type Change,
  canonical,
  compareRRsets,
  isKnown,
  keyOf,
  type RRset,
  sameRRset,
  subjectOf,
} from '../../../records/rr/rrset.js'
import type { Fault } from '../../fakes/hetzner/hetzner.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/hetzner/story.js'

let story: Story
afterEach(() => story.fake.close())

const strangers = [
  { value: '"google-site-verification=abc"', comment: 'ask Ada' },
  { value: '"path=/a" "q=1"', comment: null },
]
const theirs = ['google-site-verification=abc', ['path=/a', 'q=1']]
const before = [
  txt('@', [...theirs, 'v=spf1 -all']),
  a('old', ['192.0.2.1']),
  a('mail', ['192.0.2.2']),
  a('www', ['192.0.2.80']),
]
const wanted = [
  txt('@', [...theirs, 'v=spf1 ip4:192.0.2.10 -all']),
  a('mail', ['192.0.2.10', '192.0.2.11'], 300),
  a('www', ['192.0.2.80']),
  mx('@', [10, 'mail.example.com.']),
]
  .map((rrset) => canonical(rrset))
  .sort(compareRRsets)

function begin(): void {
  story = tellStory(before)
  const records = [...strangers, { value: '"v=spf1 -all"', comment: null }]
  story.zone.put({ name: '@', type: 'TXT', ttl: 3600, records })
}

const faults: readonly Fault[] = [
  'refused-connection',
  'cut-before',
  'cut-after',
  'half-reply',
  '503-before',
  '503-after',
  { status: 429, code: 'rate_limit_exceeded', message: 'slow down' },
  { status: 423, code: 'locked', message: 'another action runs' },
  { status: 422, code: 'invalid_input', message: 'no' },
  { status: 500, code: 'server_error', message: 'oops' },
]

/** Reads, compares and writes, as plan and apply do; undefined where the reading fails. */
async function run(): Promise<{ changes: Change[]; result: WriteResult } | undefined> {
  const actual = await story.provider.read(ZONE, never).catch(() => undefined)
  if (actual === undefined) return undefined
  const changes = changesBetween(actual.filter(isKnown), wanted)
  return { changes, result: await story.provider.write(ZONE, changes, never) }
}

async function now(): Promise<RRset[]> {
  return (await story.provider.read(ZONE, never)).filter(isKnown)
}

function holds(rrsets: readonly RRset[], expected: RRset | undefined, key: string): boolean {
  const actual = rrsets.find((rrset) => keyOf(rrset) === key)
  return actual === undefined || expected === undefined
    ? actual === expected
    : sameRRset(canonical(actual), canonical(expected))
}

/** What is told is true: applied is there; what is neither applied nor uncertain is as it was. */
async function expectHonest(changes: readonly Change[], result: WriteResult): Promise<void> {
  const { applied, uncertain = [], failure } = result
  story.fake.settle()
  const rrsets = await now()
  for (const change of changes) {
    const key = keyOf(subjectOf(change))
    const [old, fresh] = [
      change.kind === 'create' ? undefined : change.before,
      change.kind === 'delete' ? undefined : change.after,
    ]
    if (applied.includes(change)) expect(holds(rrsets, fresh, key), key).toBe(true)
    else if (!uncertain.includes(change)) expect(holds(rrsets, old, key), key).toBe(true)
  }
  expect(failure === undefined).toBe(applied.length === changes.length)
}

function expectStrangersIntact(): void {
  expect(story.zone.find('@', 'TXT')?.records).toEqual(expect.arrayContaining(strangers))
  expect(story.zone.find('www', 'A')?.records).toEqual([{ value: '192.0.2.80' }])
}

/** The calls of a run in which nothing goes wrong. */
const CALLS = [
  ...['GET zones', 'GET rrsets', 'GET rrsets'],
  ...['POST remove_records', 'GET action', 'POST add_records', 'GET action'],
  ...['GET rrsets', 'POST set_records', 'GET action', 'POST change_ttl', 'GET action'],
  ...['POST rrsets', 'GET action', 'POST remove_records', 'GET action'],
]

test('the calls of a run', async () => {
  begin()
  expect((await run())?.result.failure).toBeUndefined()
  expect(story.calls().sort()).toEqual([...CALLS].sort())
})

describe.each(faults)('%j', (fault) => {
  test.each(CALLS.map((_, index): [number] => [index + 1]))(
    'at call %i: nothing foreign is lost, what is told is true, and a second run converges',
    async (number) => {
      begin()
      story.fake.faultAt(number, fault)
      const first = await run()
      story.fake.mend()
      expectStrangersIntact()
      if (first) await expectHonest(first.changes, first.result)
      story.fake.settle()
      const last = await run()
      expect(last?.result.failure).toBeUndefined()
      expect(await now()).toEqual(wanted)
      expectStrangersIntact()
    },
  )

  test('at a change and whatever comes after it: what is told is true all the same', async () => {
    begin()
    for (let number = 4; number < 40; number++) story.fake.faultAt(number, fault)
    const first = await run()
    story.fake.mend()
    await expectHonest(first?.changes ?? [], first?.result as WriteResult)
    expectStrangersIntact()
    await run()
    expect(await now()).toEqual(wanted)
  })
})
