import { describe, expect, test } from 'vitest'
import { type ConformanceSubject, conformanceCases } from '../../conformance/index.js'
import { MailsyncError } from '../../records/error.js'
import { type AnyRRset, isKnown, type RRset } from '../../records/rr/rrset.js'
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

function rejecting(rejects: (rrset: RRset) => string | undefined, named: Record<string, string> = {}) {
  const subject = inMemory()
  return { ...subject, plugin: { ...subject.plugin, rejects }, rejects: named }
}

describe('the conformance suite', () => {
  test('fails an adapter that rejects everything, in every case about records', async () => {
    const subject = rejecting(() => 'no')
    const failed = await failing(subject)
    const about = conformanceCases(subject).map(({ title }) => title)
    expect(about.filter((title) => !failed.includes(title))).toEqual([
      'a zone that is not served is told apart',
      'a stopped run writes nothing',
      'a check says where the zone is served, and changes nothing',
    ])
  })

  test('fails an adapter without the types it is asked for', async () => {
    const subject = inMemory()
    const traits = { ...subject.plugin.traits, types: ['A', 'TXT'] as const }
    expect(await failing({ ...subject, plugin: { ...subject.plugin, traits } })).toContain('MX with preference 0')
  })

  const noEmpty = (rrset: RRset): string | undefined =>
    rrset.type === 'TXT' && rrset.rdata.includes('') ? 'an empty TXT is refused' : undefined

  test('takes a rejection that is named with its reason, and no other', async () => {
    expect(await failing(rejecting(noEmpty))).toEqual([EMPTY])
    expect(await failing(rejecting(noEmpty, { [EMPTY]: 'the API refuses it' }))).toEqual([])
  })

  test('fails where what is named as rejected is not', async () => {
    expect(await failing(rejecting(() => undefined, { [EMPTY]: 'the API refuses it' }))).toEqual([EMPTY])
  })

  test('fails where a rejection has no words for the user', async () => {
    expect(await failing(rejecting((rrset) => noEmpty(rrset) && ' ', { [EMPTY]: 'the API refuses it' }))).toEqual([
      EMPTY,
    ])
  })

  test('refuses names of cases that do not exist, and names without a reason', () => {
    const subject = inMemory()
    expect(() => conformanceCases({ ...subject, skip: { 'no such case': 'why' } })).toThrow(/no such case/)
    expect(() => conformanceCases({ ...subject, rejects: { toString: 'why' } })).toThrow(/toString/)
    expect(() => conformanceCases({ ...subject, skip: { [EMPTY]: ' ' } })).toThrow(
      /no reason is given for: a TXT value/,
    )
    expect(() => conformanceCases({ ...subject, can: { ...subject.can, cutRead: '' } })).toThrow(/cutRead/)
    expect(() => conformanceCases({ ...subject, rejects: { 'a stopped run writes nothing': 'why' } })).toThrow(
      /nothing to be rejected/,
    )
  })

  const joined = (rrset: AnyRRset): AnyRRset =>
    isKnown(rrset) && rrset.type === 'TXT' ? { ...rrset, rdata: rrset.rdata.map(joinedTxt) } : rrset

  test.each([
    ['joins the strings of TXT values', BORDERS, (sets: readonly AnyRRset[]) => sets.map(joined)],
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
