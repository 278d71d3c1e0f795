import { deepStrictEqual, rejects } from 'node:assert/strict'
import { asHeld } from '../providers/as-held.js'
import type { Name } from '../records/rr/name.js'
import type { Change, RRset } from '../records/rr/rrset.js'
import { a, cname, txt } from './rrsets.js'
import { type ConformanceSubject, contents, never, type Story, withZone, ZONE } from './subject.js'

interface Refusal {
  readonly title: string
  readonly seed: readonly RRset[]
  /** What somebody else does between reading and writing; an RRset without rdata is removed. */
  readonly meanwhile: readonly RRset[]
  readonly change: Change
  /** Whether a provider that itself refuses such a change may tell it as `rejected`. */
  readonly orRejected?: boolean
}

const mine = a('mail', ['192.0.2.10'])
const theirs = a('mail', ['203.0.113.99'])

const refusals: readonly Refusal[] = [
  {
    title: 'create is refused where somebody created it meanwhile',
    seed: [],
    meanwhile: [theirs],
    change: { kind: 'create', after: mine },
  },
  {
    title: 'create is refused where somebody made the name a CNAME meanwhile',
    seed: [],
    meanwhile: [cname('mail', 'elsewhere.example.')],
    change: { kind: 'create', after: mine },
    orRejected: true,
  },
  {
    title: 'update is refused where a value was changed meanwhile',
    seed: [mine],
    meanwhile: [theirs],
    change: { kind: 'update', before: mine, after: a('mail', ['192.0.2.11']) },
  },
  {
    title: 'update is refused where a value was added meanwhile',
    seed: [txt('@', ['one'])],
    meanwhile: [txt('@', ['one', 'two'])],
    change: { kind: 'update', before: txt('@', ['one']), after: txt('@', ['one', 'v=spf1 -all']) },
  },
  {
    title: 'update is refused where the RRset was removed meanwhile',
    seed: [mine],
    meanwhile: [a('mail', [])],
    change: { kind: 'update', before: mine, after: a('mail', ['192.0.2.11']) },
  },
  {
    title: 'delete is refused where it was changed meanwhile',
    seed: [mine],
    meanwhile: [theirs],
    change: { kind: 'delete', before: mine },
  },
]

export function refusalCases(subject: ConformanceSubject): Story[] {
  return [
    ...refusals.map((refusal) => ({
      title: refusal.title,
      rrsets: [...refusal.seed, ...refusal.meanwhile.filter(({ rdata }) => rdata.length > 0)],
      run: () => runRefusal(subject, refusal),
    })),
    { title: 'a zone that is not served is told apart', rrsets: [], run: () => readMissingZone(subject) },
    { title: 'a stopped run writes nothing', rrsets: [], run: () => writeAfterStop(subject) },
  ]
}

async function runRefusal(
  subject: ConformanceSubject,
  { seed, meanwhile, change, orRejected }: Refusal,
): Promise<void> {
  const held = (rrsets: readonly RRset[]): RRset[] => rrsets.map((rrset) => asHeld(subject.plugin, rrset))
  const stays = a('stays', ['192.0.2.1'])
  await withZone(subject, ZONE, held([...seed, stays]), async ({ provider, edit }) => {
    await contents(provider, ZONE)
    await edit(held(meanwhile))
    const result = await provider.write(ZONE, [change], never)
    const code = result.failure?.code
    deepStrictEqual(orRejected && code === 'rejected' ? 'stale' : code, 'stale')
    deepStrictEqual([...result.applied], [])
    const expected = held(meanwhile.filter(({ rdata }) => rdata.length > 0))
    deepStrictEqual(
      await contents(provider, ZONE),
      [...expected, ...held([stays])].sort((x, y) => (x.name < y.name ? -1 : 1)),
      'nothing was written',
    )
  })
}

async function readMissingZone(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ZONE, [], async ({ provider }) => {
    await rejects(provider.read('not-served.example.' as Name, never), {
      name: 'MailsyncError',
      code: 'zone-not-found',
    })
  })
}

async function writeAfterStop(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ZONE, [], async ({ provider }) => {
    const result = await provider.write(ZONE, [{ kind: 'create', after: mine }], AbortSignal.abort())
    deepStrictEqual(result.failure?.code, 'cancelled')
    deepStrictEqual([...result.applied], [])
    deepStrictEqual(await contents(provider, ZONE), [])
  })
}
