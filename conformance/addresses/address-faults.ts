import { deepStrictEqual, ok } from 'node:assert/strict'
import { ARPA } from '../../records/rr/reverse.js'
import { type Change, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { assertHolds, type ConformanceSubject, never, type Story, withZone } from '../subject.js'
import { ptrOf, ptrsOf, unset } from './addresses.js'

const ONE = '192.0.2.10'
const ALL = ['192.0.2.10', '192.0.2.11', '192.0.2.12']
const mine = ptrOf(ONE, 'mail.example.com.')
const theirs = ptrOf(ONE, 'theirs.example.net.')
const next = ptrOf(ONE, 'smtp.example.com.')

interface Refusal {
  readonly title: string
  readonly seed: readonly RRset[]
  /** What somebody else does between reading and writing. */
  readonly meanwhile: RRset
  readonly change: Change
}

const refusals: readonly Refusal[] = [
  {
    title: 'a PTR is not set where somebody set one meanwhile',
    seed: [],
    meanwhile: theirs,
    change: { kind: 'create', after: mine },
  },
  {
    title: 'a PTR is not changed that somebody changed meanwhile',
    seed: [mine],
    meanwhile: theirs,
    change: { kind: 'update', before: mine, after: next },
  },
  {
    title: 'a PTR is not changed that somebody gave back meanwhile',
    seed: [mine],
    meanwhile: unset(ONE),
    change: { kind: 'update', before: mine, after: next },
  },
  {
    title: 'a PTR is not given back that somebody changed meanwhile',
    seed: [mine],
    meanwhile: theirs,
    change: { kind: 'delete', before: mine },
  },
]

export function addressFaultCases(subject: ConformanceSubject): Story[] {
  const creates = ALL.map((address): Change => ({ kind: 'create', after: ptrOf(address, 'mail.example.com.') }))
  const rrsets = creates.map(subjectOf)
  return [
    ...refusals.map((refusal) => ({
      title: refusal.title,
      rrsets: [...refusal.seed, subjectOf(refusal.change)],
      run: () => runRefusal(subject, refusal),
    })),
    { title: 'a stopped run writes no PTR', rrsets: [mine], run: () => writeAfterStop(subject) },
    {
      title: 'a change that is stale keeps the others from being written',
      rrsets,
      run: () => failMidway(subject, creates),
    },
    {
      title: 'a PTR whose reply is lost is never told as not set when it was',
      rrsets,
      needs: 'loseReply',
      run: () => loseReply(subject, creates),
    },
    {
      title: 'a read that breaks off is never taken for addresses without a PTR',
      rrsets: [mine],
      needs: 'cutRead',
      run: () => cutRead(subject),
    },
    {
      title: 'each change is one request that writes, as `batches` says',
      rrsets,
      needs: 'countWrites',
      run: () => countWrites(subject, creates),
    },
  ]
}

async function runRefusal(subject: ConformanceSubject, { seed, meanwhile, change }: Refusal): Promise<void> {
  await withZone(subject, ARPA, seed, async ({ provider, edit }) => {
    await ptrsOf(provider, [ONE])
    await edit([meanwhile])
    const { applied, failure } = await provider.write(ARPA, [change], never)
    deepStrictEqual([failure?.code, [...applied]], ['stale', []])
    const expected = meanwhile.rdata.length === 0 ? [] : [meanwhile]
    assertHolds(await ptrsOf(provider, [ONE]), expected, 'nothing was written')
  })
}

async function writeAfterStop(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider }) => {
    const { applied, failure } = await provider.write(ARPA, [{ kind: 'create', after: mine }], AbortSignal.abort())
    deepStrictEqual([failure?.code, [...applied]], ['cancelled', []])
    deepStrictEqual(await ptrsOf(provider, [ONE]), [])
  })
}

async function failMidway(subject: ConformanceSubject, [first, second, third]: readonly Change[]): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider, edit }) => {
    await edit([ptrOf('192.0.2.11', 'theirs.example.net.')])
    const changes = [first, second, third] as Change[]
    const { applied, uncertain = [], failure } = await provider.write(ARPA, changes, never)
    deepStrictEqual([failure?.code, [...uncertain]], ['stale', []])
    const now = (await ptrsOf(provider, ALL)).filter(({ name }) => name !== subjectOf(second as Change).name)
    deepStrictEqual(
      now.map(keyOf),
      applied.map((change) => keyOf(subjectOf(change))),
      'what is told as applied is there',
    )
  })
}

async function loseReply(subject: ConformanceSubject, changes: readonly Change[]): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider, loseReply: lose }) => {
    ok(lose, 'the subject says that it can lose a reply')
    await ptrsOf(provider, ALL)
    lose()
    const { applied, uncertain = [], failure } = await provider.write(ARPA, changes, never)
    const keys = (await ptrsOf(provider, ALL)).map(keyOf)
    const isThere = (change: Change): boolean => keys.includes(keyOf(subjectOf(change)))
    ok(changes.some(isThere), 'the write was carried out')
    deepStrictEqual(
      changes.filter((change) => isThere(change) && !applied.includes(change) && !uncertain.includes(change)),
      [],
      'what was set is told as applied or as uncertain',
    )
    deepStrictEqual(
      applied.filter((change) => !isThere(change)),
      [],
      'what is told as applied is there',
    )
    deepStrictEqual(failure === undefined, applied.length === changes.length, 'a failure is told unless all is applied')
  })
}

async function cutRead(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ARPA, [mine], async ({ provider, cutRead: cut }) => {
    ok(cut, 'the subject says that it can cut a read')
    cut()
    const told = await ptrsOf(provider, [ONE]).then(
      (rrsets) => rrsets.length,
      (error: Error) => error.name,
    )
    ok(told === 'MailsyncError' || told === 1, 'it throws, or was tried again and is whole')
    assertHolds(await ptrsOf(provider, [ONE]), [mine], 'the next read is whole')
  })
}

async function countWrites(subject: ConformanceSubject, changes: readonly Change[]): Promise<void> {
  await withZone(subject, ARPA, [], async ({ provider, writes }) => {
    ok(writes, 'the subject says that it can count writes')
    const before = writes()
    await provider.write(ARPA, changes, never)
    deepStrictEqual([writes() - before, provider.batches?.(ARPA, changes)], [changes.length, changes.length])
  })
}
