import { describe, expect, test } from 'vitest'
import { type ConformanceSubject, conformanceCases } from '../../conformance/index.js'
import type { Provider } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import { type AnyRRset, type Change, isKnown, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { joinedTxt } from '../../records/rr/txt.js'
import { inMemory } from './in-memory.js'

const EMPTY = 'a TXT value of 0 octets'
const FOREIGN = 'what mailsync never writes is seen as locked, and stays beside what is written'
const MIDWAY = 'a write of which one change fails leaves what it says'
const BORDERS = 'TXT values that differ only in their borders keep their borders'
const STORY = 'the apex TXT story: an SPF is added, changed and removed between two strangers'

async function failing(subject: ConformanceSubject): Promise<string[]> {
  const failed: string[] = []
  for (const { title, run } of conformanceCases(subject))
    await run().catch(() => {
      failed.push(title)
    })
  return failed
}

function rejecting(
  rejects: (rrset: RRset) => string | undefined,
  named: NonNullable<ConformanceSubject['rejects']> = {},
) {
  const subject = inMemory()
  return { ...subject, plugin: { ...subject.plugin, rejects }, rejects: named }
}

/** The message a case fails with. */
async function failureOf(subject: ConformanceSubject, title: string): Promise<string> {
  return conformanceCases(subject)
    .find((one) => one.title === title)
    ?.run()
    .then(
      () => 'it did not fail',
      (error: Error) => error.message,
    ) as Promise<string>
}

const NAMED = { [EMPTY]: { 't.example.com. TXT': 'an empty TXT' } }

describe('the conformance suite', () => {
  test('fails an adapter that rejects everything, in every case about records', async () => {
    const subject = rejecting(() => 'no')
    const failed = await failing(subject)
    const run = conformanceCases(subject).filter(({ skip }) => skip === undefined)
    expect(run.map(({ title }) => title).filter((title) => !failed.includes(title))).toEqual([
      'a zone that is not served is told apart',
      'a stopped run writes nothing',
    ])
  })

  test('fails an adapter without the types it is asked for', async () => {
    const subject = inMemory()
    const traits = { ...subject.plugin.traits, types: ['A', 'TXT'] as const }
    expect(await failing({ ...subject, plugin: { ...subject.plugin, traits } })).toContain('MX with preference 0')
  })

  const noEmpty = (rrset: RRset): string | undefined =>
    rrset.type === 'TXT' && rrset.rdata.includes('') ? 'an empty TXT is refused' : undefined

  test('takes a rejection that is named with its RRset and words, and no other', async () => {
    expect(await failing(rejecting(noEmpty))).toEqual([EMPTY])
    expect(await failing(rejecting(noEmpty, NAMED))).toEqual([])
  })

  test('takes one that the adapter itself names', async () => {
    const subject = rejecting(noEmpty)
    const plugin = { ...subject.plugin, exceptions: { rejects: NAMED } }
    expect(await failing({ ...subject, plugin })).toEqual([])
  })

  test('says which RRset is rejected, and with what words', async () => {
    expect(await failureOf(rejecting(noEmpty), EMPTY)).toContain('t.example.com. TXT: "an empty TXT is refused"')
  })

  test('tells a rejection that was expected in the result, with the words', async () => {
    const named = conformanceCases(rejecting(noEmpty, NAMED)).find(({ title }) => title === EMPTY)
    expect(await named?.run()).toEqual({
      outcome: 'rejected',
      reason: 't.example.com. TXT: "an empty TXT is refused"',
    })
  })

  test('fails where what is named as rejected is not', async () => {
    expect(await failing(rejecting(() => undefined, NAMED))).toEqual([EMPTY])
  })

  test('fails where something is rejected in other words than named', async () => {
    expect(await failing(rejecting((rrset) => noEmpty(rrset) && 'no', NAMED))).toEqual([EMPTY])
  })

  test('fails where another RRset of the case is rejected than named', async () => {
    const title = 'a value moves from one name to another'
    const both = (rrset: RRset): string | undefined => (rrset.name.startsWith('one.') ? 'not one' : undefined)
    expect(await failing(rejecting(both, { [title]: { 'two.example.com. TXT': 'not one' } }))).toEqual([title])
    expect(await failing(rejecting(both, { [title]: { 'one.example.com. TXT': 'not one' } }))).toEqual([])
  })

  test('refuses names of cases and RRsets that do not exist, and names without a reason', () => {
    const subject = inMemory()
    const withRejects = (rejects: NonNullable<ConformanceSubject['rejects']>) => () =>
      conformanceCases({ ...subject, rejects })
    expect(() => conformanceCases({ ...subject, skip: { 'no such case': 'why' } })).toThrow(/no such case/)
    expect(withRejects({ toString: { 't.example.com. TXT': 'why' } })).toThrow(/toString/)
    expect(() => conformanceCases({ ...subject, skip: { [EMPTY]: ' ' } })).toThrow(
      /no reason is given for: a TXT value/,
    )
    expect(() => conformanceCases({ ...subject, can: { ...subject.can, cutRead: '' } })).toThrow(/cutRead/)
    expect(withRejects({ [EMPTY]: { 't.example.com. TXT': ' ' } })).toThrow(/no reason is given for/)
    expect(withRejects({ [EMPTY]: {} })).toThrow(/no RRset is named/)
    expect(withRejects({ 'a stopped run writes nothing': { 't.example.com. TXT': 'why' } })).toThrow(
      /t.example.com. TXT is not in the case/,
    )
  })

  test('names what is left out with its reason, also what the subject cannot do', async () => {
    const subject = inMemory()
    const cases = conformanceCases({ ...subject, skip: { [EMPTY]: 'the API loses it' } })
    const left = cases.filter(({ skip }) => skip !== undefined)
    expect(Object.fromEntries(left.map(({ title, skip }) => [title, skip]))).toEqual({
      [EMPTY]: 'the API loses it',
      'a check says where the zone is served, and changes nothing': subject.can.check,
      'a write whose reply is lost is never told as not written when it was': subject.can.loseReply,
      'a read that breaks off in the middle is never taken for the whole': subject.can.cutRead,
    })
    for (const { skip, run } of left) expect(await run()).toEqual({ outcome: 'skipped', reason: skip })
  })

  test('fails where a check is said to be there and is not, and where it is there and said not to be', async () => {
    const title = 'a check says where the zone is served, and changes nothing'
    const without = inMemory()
    expect(await failing({ ...without, can: { ...without.can, check: true } })).toEqual([title])
    const having = inMemory((provider) => ({
      ...provider,
      check: async () => ({ writable: 'yes', nameServers: [] }),
    }))
    expect(await failing(having)).toEqual([title])
    expect(await failing({ ...having, can: { ...having.can, check: true } })).toEqual([])
  })

  const joined = (rrset: AnyRRset): AnyRRset =>
    isKnown(rrset) && rrset.type === 'TXT' ? { ...rrset, rdata: rrset.rdata.map(joinedTxt) } : rrset

  const unlocked = (sets: readonly AnyRRset[]): AnyRRset[] =>
    sets.map((rrset) => {
      if (!isKnown(rrset)) return rrset
      const { locked: _, ...open } = rrset
      return open as RRset
    })

  test.each([
    ['joins the strings of TXT values', BORDERS, (sets: readonly AnyRRset[]) => sets.map(joined)],
    ['forgets what is locked', 'a locked set is seen with its reason, and stays beside what is written', unlocked],
    ['hides what it does not know', FOREIGN, (sets: readonly AnyRRset[]) => sets.filter(isKnown)],
    ['loses half of what it reads', STORY, (sets: readonly AnyRRset[]) => sets.slice(0, sets.length / 2)],
  ])('finds an adapter that %s', async (_, title, see) => {
    const subject = inMemory((provider) => ({
      ...provider,
      read: async (zone, signal) => see(await provider.read(zone, signal)),
    }))
    expect(await failing(subject)).toContain(title)
  })

  test('finds an adapter that says atomic and is not', async () => {
    const subject = inMemory((provider) => ({
      ...provider,
      write: async (zone, changes, signal) => {
        for (const [index, change] of changes.entries()) {
          const { failure } = await provider.write(zone, [change], signal)
          if (failure) return { applied: changes.slice(0, index), failure }
        }
        return provider.write(zone, [], signal)
      },
    }))
    expect(await failing(subject)).toContain(MIDWAY)
  })

  test('finds an adapter that writes over a locked set', async () => {
    const subject = inMemory()
    const open: ConformanceSubject['open'] = async (zone, seed) => {
      const opened = await subject.open(zone, seed)
      const write: Provider['write'] = async (_, changes) => {
        await opened.edit(changes.map((change) => subjectOf(change)))
        return { applied: changes }
      }
      return { ...opened, provider: { ...opened.provider, write } }
    }
    const failed = await failing({ ...subject, open })
    expect(failed).toContain('create is refused where somebody put a locked set meanwhile')
    expect(failed).toContain('update is refused where a set was locked meanwhile')
  })

  const COUNTED = 'changes too many for one write are told as several, and are written in so many'
  const inWritesOf =
    (most: number, told: number) =>
    (provider: Provider): Provider => ({
      ...provider,
      batches: (_, changes) => Math.max(1, Math.ceil(changes.length / told)),
      write: async (zone, changes, signal) => {
        const applied: Change[] = []
        for (let from = 0; from < changes.length; from += most) {
          const result = await provider.write(zone, changes.slice(from, from + most), signal)
          applied.push(...result.applied)
          if (result.failure) return { ...result, applied }
        }
        return { applied }
      },
    })

  test('counts what is really written, where changes are too many for one write', async () => {
    expect(await failing(inMemory(inWritesOf(100, 100)))).toEqual([])
    expect(await failing(inMemory(inWritesOf(100, 50)))).toContain(COUNTED)
    expect(await failing(inMemory(inWritesOf(100, 10_000)))).toContain(COUNTED)
  })

  test('finds an adapter that tells a lost reply as a failure', async () => {
    let isLost = false
    const subject = inMemory((provider) => ({
      ...provider,
      write: async (zone, changes, signal) => {
        const result = await provider.write(zone, changes, signal)
        return isLost ? { applied: [], failure: new MailsyncError('unavailable', 'lost') } : result
      },
    }))
    const losing: ConformanceSubject = {
      ...subject,
      can: { ...subject.can, loseReply: true },
      open: async (zone, seed) => ({
        ...(await subject.open(zone, seed)),
        loseReply: () => {
          isLost = true
        },
      }),
    }
    expect(await failing(losing)).toContain('a write whose reply is lost is never told as not written when it was')
  })
})
