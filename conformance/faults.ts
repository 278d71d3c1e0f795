import { deepStrictEqual, ok } from 'node:assert/strict'
import { asHeld } from '../providers/as-held.js'
import { type Change, keyOf, type RRset, sameRRset, subjectOf } from '../records/rr/rrset.js'
import { a, txt } from './rrsets.js'
import { assertWritten, type ConformanceSubject, contents, never, type Story, withZone, ZONE } from './subject.js'

const mine = a('mail', ['192.0.2.10'])
const others = Array.from({ length: 3 }, (_, index) => a(`new${index}`, ['192.0.2.20']))

/** More than any provider of November 2026 takes at once: each of these names alone has 80 octets. */
const crowd = Array.from({ length: 2048 }, (_, index) => a(`${'x'.repeat(60)}.h${index}`, ['192.0.2.1']))
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]

export function faultCases(subject: ConformanceSubject): Story[] {
  return [
    {
      title: 'a write of which one change fails leaves what it says',
      rrsets: [mine, ...others],
      run: () => failMidway(subject),
    },
    {
      title: 'a check says where the zone is served, and changes nothing',
      rrsets: [],
      needs: 'check',
      run: () => checkChangesNothing(subject),
      lacks: () =>
        withZone(subject, ZONE, [], async ({ provider }) => ok(!provider.check, 'the adapter has a `check`')),
    },
    {
      title: 'a write whose reply is lost is never told as not written when it was',
      rrsets: [mine, txt('@', ['v=spf1 -all'])],
      needs: 'loseReply',
      run: () => loseReply(subject),
    },
    {
      title: 'a read that breaks off in the middle is never taken for the whole',
      rrsets: [mine],
      needs: 'cutRead',
      run: () => cutRead(subject),
    },
    {
      title: 'changes too many for one write are told as several, and are written in so many',
      rrsets: crowd.slice(0, 1),
      needs: 'countWrites',
      run: () => countWrites(subject),
    },
  ]
}

async function failMidway(subject: ConformanceSubject): Promise<void> {
  const held = (rrset: RRset): RRset => asHeld(subject.plugin, rrset)
  await withZone(subject, ZONE, [held(mine)], async ({ provider }) => {
    const before = await contents(provider, ZONE)
    const [first, second, third] = others.map((rrset): Change => ({ kind: 'create', after: held(rrset) })) as [
      Change,
      Change,
      Change,
    ]
    const failing: Change = {
      kind: 'update',
      before: held(a('mail', ['203.0.113.1'])),
      after: held(a('mail', ['203.0.113.2'])),
    }
    const changes = [first, second, failing, third]
    const batches = provider.batches?.(ZONE, changes) ?? 1
    ok(Number.isInteger(batches) && batches >= 1, 'the number of batches is a number')
    const { applied, uncertain = [], failure } = await provider.write(ZONE, changes, never)
    deepStrictEqual(failure?.code, 'stale')
    deepStrictEqual([...uncertain], [], 'what was refused is not in doubt')
    const now = await contents(provider, ZONE)
    deepStrictEqual(
      now.filter((rrset) => !before.some((old) => sameRRset(old, rrset))).map(keyOf),
      applied.map((change) => keyOf(subjectOf(change))).sort(),
      'exactly what is told as applied is there',
    )
    if (subject.plugin.traits.write === 'atomic' && batches === 1)
      deepStrictEqual([...applied], [], 'one batch of an atomic provider is all or nothing')
  })
}

async function checkChangesNothing(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ZONE, [], async ({ provider }) => {
    ok(provider.check, 'the adapter has a `check`, as the subject says')
    const before = await provider.read(ZONE, never)
    const { writable, nameServers } = await provider.check(ZONE, never)
    ok(writable !== 'no', 'a zone that can be written is not told as one that cannot')
    ok(
      nameServers.every((name) => name.endsWith('.') && name === name.toLowerCase()),
      'name servers are names, in lower case with the dot at the end',
    )
    deepStrictEqual(await provider.read(ZONE, never), before, 'nothing was changed')
  })
}

async function loseReply(subject: ConformanceSubject): Promise<void> {
  const held = (rrset: RRset): RRset => asHeld(subject.plugin, rrset)
  await withZone(subject, ZONE, [], async (open) => {
    const { provider } = open
    await contents(provider, ZONE)
    const changes = [mine, txt('@', ['v=spf1 -all'])].map((rrset): Change => ({ kind: 'create', after: held(rrset) }))
    ok(open.loseReply, 'the subject says that it can lose a reply')
    open.loseReply()
    const { applied, uncertain = [], failure } = await provider.write(ZONE, changes, never)
    const keys = (await contents(provider, ZONE)).map(keyOf)
    const isThere = (change: Change): boolean => keys.includes(keyOf(subjectOf(change)))
    ok(changes.some(isThere), 'the write was carried out')
    deepStrictEqual(
      changes.filter((change) => isThere(change) && !applied.includes(change) && !uncertain.includes(change)),
      [],
      'what was written is told as applied or as uncertain',
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
  const many = Array.from({ length: 300 }, (_, index) => asHeld(subject.plugin, a(`h${index}`, ['192.0.2.1'])))
  await withZone(subject, ZONE, many, async (open) => {
    ok(open.cutRead, 'the subject says that it can cut a read')
    open.cutRead()
    const told = await contents(open.provider, ZONE).then(
      (rrsets) => rrsets.length,
      (error: Error) => error.name,
    )
    ok(told === 'MailsyncError' || told === many.length, 'it throws, or was tried again and is whole')
    deepStrictEqual((await contents(open.provider, ZONE)).length, many.length, 'the next read is whole')
  })
}

/** As few changes as `batches` calls more than one write; all of the crowd where one write holds them. */
async function countWrites(subject: ConformanceSubject): Promise<void> {
  await withZone(subject, ZONE, [], async (open) => {
    const { provider } = open
    await contents(provider, ZONE)
    const all = crowd.map((rrset): Change => ({ kind: 'create', after: asHeld(subject.plugin, rrset) }))
    const told = (size: number): number => provider.batches?.(ZONE, all.slice(0, size)) ?? 1
    deepStrictEqual(told(1), 1, 'one small change is one write')
    const size = SIZES.find((one) => told(one) > 1) ?? all.length
    const changes = all.slice(0, size)
    ok(open.writes, 'the subject says that it can count writes')
    const before = open.writes()
    const result = await provider.write(ZONE, changes, never)
    assertWritten(result)
    deepStrictEqual([...result.applied], changes, 'every change is reported as applied')
    deepStrictEqual(
      open.writes() - before,
      told(size),
      `${size} changes are written in as many writes as \`batches\` says`,
    )
    deepStrictEqual((await contents(provider, ZONE)).length, size, 'all of them are there')
  })
}
