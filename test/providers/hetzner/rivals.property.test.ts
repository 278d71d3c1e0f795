import fc from 'fast-check'
import { expect, test } from 'vitest'
import { a, mx, txt } from '../../../conformance/rrsets.js'
import type { WriteResult } from '../../../providers/provider.js'
import { rdataKey } from '../../../records/rr/rdata.js'
import {
  type Change,
  canonical,
  changeBetween,
  isKnown,
  keyOf,
  type RRset,
  sameRRset,
} from '../../../records/rr/rrset.js'
import { joinedTxt } from '../../../records/rr/txt.js'
import type { Fault } from '../../fakes/hetzner/hetzner.js'
import type { FakeRecord } from '../../fakes/hetzner/rules.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/hetzner/story.js'

/** What the spec wants: everything there is of ours, in one of its forms. */
interface Wish {
  readonly spf: string | undefined
  readonly mail: readonly string[] | undefined
  readonly mx: number | undefined
  readonly dmarc: string | undefined
}

/** What somebody else does before the call with this number, or as soon as no action runs. */
interface Rival {
  readonly call: number
  readonly token: number
  readonly kind: 'add' | 'remove' | 'note'
}

interface Turn {
  readonly wish: Wish
  readonly rivals: readonly Rival[]
  readonly faults: readonly { readonly call: number; readonly fault: Fault }[]
}

const wish: fc.Arbitrary<Wish> = fc.record({
  spf: fc.constantFrom(undefined, 'v=spf1 -all', 'v=spf1 ip4:192.0.2.10 -all'),
  mail: fc.constantFrom(undefined, ['192.0.2.10'], ['192.0.2.10', '192.0.2.11'], ['192.0.2.12']),
  mx: fc.constantFrom(undefined, 10, 20),
  dmarc: fc.constantFrom(undefined, 'v=DMARC1; p=none', 'v=DMARC1; p=reject'),
})
const call = fc.integer({ min: 1, max: 30 })
const rivals = fc.array(
  fc.record({
    call,
    token: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('add' as const, 'remove' as const, 'note' as const),
  }),
  { maxLength: 5 },
)
const fault = fc.constantFrom<Fault[]>(
  'cut-before',
  'cut-after',
  '503-before',
  '503-after',
  'not-json',
  { status: 423, code: 'locked', message: 'another action runs' },
  { status: 422, code: 'invalid_input', message: 'no' },
)
const faults = fc.array(fc.record({ call, fault }), { maxLength: 3 })
const turns: fc.Arbitrary<Turn[]> = fc.array(fc.record({ wish, rivals, faults }), { minLength: 1, maxLength: 3 })

/** What strangers have at the apex, and nobody but they may change: value → note. */
type Tokens = Map<string, string>

function act({ zone }: Story, tokens: Tokens, { token, kind }: Rival): void {
  const value = `"token=${token}"`
  const held = zone.find('@', 'TXT')?.records ?? []
  const others = held.filter((record) => record.value !== value)
  const note = kind === 'note' ? 'mine' : 'theirs'
  if (kind === 'remove') tokens.delete(value)
  else tokens.set(value, note)
  const records: FakeRecord[] = kind === 'remove' ? others : [...others, { value, comment: note }]
  const ttl = zone.find('@', 'TXT')?.ttl ?? null
  zone.put({ name: '@', type: 'TXT', ttl, records })
}

/** What leads from what is there to what is wanted, strangers' values at the apex left alone. */
function changesTo(actual: readonly RRset[], { spf, mail, mx: preference, dmarc }: Wish): Change[] {
  const at = (name: string, type: string): RRset | undefined =>
    actual.find((rrset) => rrset.name === name && rrset.type === type)
  const shared = at(ZONE, 'TXT')
  const kept = shared?.type === 'TXT' ? shared.rdata.filter((value) => !joinedTxt(value).startsWith('v=spf1')) : []
  const values = [...kept, ...(spf === undefined ? [] : [spf])]
  const wanted: [RRset | undefined, RRset | undefined][] = [
    [at('mail.example.com.', 'A'), mail && a('mail', [...mail], mail.length === 2 ? 300 : 3600)],
    [shared, values.length === 0 ? undefined : txt('@', values, shared?.ttl ?? 3600)],
    [at(ZONE, 'MX'), preference === undefined ? undefined : mx('@', [preference, 'mail.example.com.'])],
    [at('_dmarc.example.com.', 'TXT'), dmarc === undefined ? undefined : txt('_dmarc', [dmarc])],
  ]
  return wanted.flatMap(([before, after]) => changeBetween(before, after && canonical(after)) ?? [])
}

/** Only our own values: nobody else touches them. */
function expectHonest(
  changes: readonly Change[],
  { applied, uncertain = [], failure }: WriteResult,
  now: readonly RRset[],
): void {
  for (const change of changes) {
    if (uncertain.includes(change)) continue
    const [before, after] = [
      change.kind === 'create' ? [] : keys(change.before),
      change.kind === 'delete' ? [] : keys(change.after),
    ]
    const subject = change.kind === 'delete' ? change.before : change.after
    const there = keys(now.find((rrset) => keyOf(rrset) === keyOf(subject)))
    const [came, went] = [after.filter((key) => !before.includes(key)), before.filter((key) => !after.includes(key))]
    const isApplied = applied.includes(change)
    expect(
      came.filter((key) => there.includes(key)),
      'what comes',
    ).toEqual(isApplied ? came : [])
    expect(
      went.filter((key) => there.includes(key)),
      'what goes',
    ).toEqual(isApplied ? [] : went)
  }
  expect(failure === undefined).toBe(applied.length === changes.length)
}

function keys(rrset: RRset | undefined): string[] {
  return rrset ? rrset.rdata.map((value) => rdataKey(rrset.type, value)) : []
}

async function read({ provider }: Story): Promise<RRset[]> {
  return (await provider.read(ZONE, never)).filter(isKnown)
}

async function play(story: Story, { wish, rivals, faults }: Turn, tokens: Tokens): Promise<void> {
  const { fake, provider, zone } = story
  const start = fake.calls.length
  for (const { call: number, fault: one } of faults) fake.faultAt(number, one)
  const waiting = [...rivals]
  fake.before = ({ what, path }) => {
    const isBusy = fake.actions.some(({ isDone }) => !isDone)
    if (isBusy) return
    const due = waiting.filter((rival) => fake.calls.length - start >= rival.call)
    // Between the look at a name and the overwriting of all its values: his action runs when ours comes.
    if (due.length > 0 && what === 'POST set_records' && path[3] === '@') fake.isLocked = true
    for (const rival of due) {
      act(story, tokens, rival)
      waiting.splice(waiting.indexOf(rival), 1)
    }
  }
  const actual = await read(story).catch(() => undefined)
  const changes = actual && changesTo(actual, wish)
  const result = changes && (await provider.write(ZONE, changes, never))
  fake.mend()
  fake.before = () => {}
  fake.settle()
  if (changes && result) expectHonest(changes, result, await read(story))
  expectTokens(zone.find('@', 'TXT')?.records ?? [], tokens)
}

function expectTokens(records: readonly FakeRecord[], tokens: Tokens): void {
  const strange = records.filter(({ value }) => !value.startsWith('"v=spf1'))
  expect(strange.map(({ value, comment }) => [value, comment]).sort()).toEqual([...tokens].sort())
}

test('whoever writes beside it, and whatever goes wrong: nothing foreign is lost, no lie is told, and it converges', async () => {
  await fc.assert(
    fc.asyncProperty(turns, fc.integer({ min: 0, max: 3 }), async (all, duration) => {
      const story = tellStory()
      story.fake.duration = duration
      const tokens: Tokens = new Map()
      try {
        for (const turn of all) await play(story, turn, tokens)
        const quiet = { wish: (all.at(-1) as Turn).wish, rivals: [], faults: [] }
        for (let round = 0; round < 2; round++) await play(story, quiet, tokens)
        const now = await read(story)
        expect(changesTo(now, quiet.wish).filter(isReal)).toEqual([])
      } finally {
        story.fake.close()
      }
    }),
    { numRuns: 40 },
  )
})

function isReal(change: Change): boolean {
  return change.kind !== 'update' || !sameRRset(change.before, change.after)
}
