import { deepStrictEqual, ok } from 'node:assert/strict'
import type { Exceptions } from '../providers/provider.js'
import { keyOf } from '../records/rr/rrset.js'
import { storiesOf } from './all-stories.js'
import { type CaseResult, type ConformanceCase, type ConformanceSubject, rejection, type Story } from './subject.js'

export type { CaseResult, ConformanceCase, ConformanceSubject, OpenZone } from './subject.js'

/**
 * The one suite every adapter passes, for any test runner; `node:test` here:
 *
 *     for (const { title, skip, run } of conformanceCases(subject)) test(title, { skip }, run)
 *
 * Every case is a story of one zone: it holds A, changes are written, what is read back equals B, and planning again
 * finds nothing to do. What an adapter cannot do is named in the adapter or the subject, case by case and with words; a name
 * that is no case, and an RRset that is rejected though no case names it, are failures.
 */
export function conformanceCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const stories = storiesOf(subject)
  const { rejects, skip } = exceptionsOf(subject)
  const titles = new Map(stories.map((story) => [story.title, story]))
  const unknown = [...Object.keys(skip), ...Object.keys(rejects)].filter((title) => !titles.has(title))
  if (unknown.length > 0) throw new Error(`cases that do not exist: ${unknown.join(', ')}`)
  const rejected = Object.entries(rejects).flatMap(([title, rrsets]) =>
    Object.entries(rrsets).map(([rrset, words]) => ({ title, rrset, words })),
  )
  const absent = rejected.find(({ title, rrset }) => !titles.get(title)?.rrsets.some((one) => keyOf(one) === rrset))
  if (absent) throw new Error(`${absent.rrset} is not in the case: ${absent.title}`)
  const empty = Object.keys(rejects).find((title) => !rejected.some((one) => one.title === title))
  if (empty !== undefined) throw new Error(`no RRset is named for: ${empty}`)
  const words = [
    ...Object.entries(skip),
    ...Object.entries(subject.can),
    ...rejected.map((one) => [one.title, one.words]),
  ]
  const silent = words.filter(([, text]) => text !== true && !/\S/.test(String(text)))
  if (silent.length > 0) throw new Error(`no reason is given for: ${silent.map(([title]) => title).join(', ')}`)
  return stories.map((story) => caseOf(subject, story, { rejects, skip }))
}

function exceptionsOf({ plugin: { exceptions }, rejects, skip }: ConformanceSubject): Required<Exceptions> {
  return { rejects: { ...exceptions?.rejects, ...rejects }, skip: { ...exceptions?.skip, ...skip } }
}

function caseOf(subject: ConformanceSubject, story: Story, { rejects, skip }: Required<Exceptions>): ConformanceCase {
  const { title, needs } = story
  const lack = needs === undefined ? true : subject.can[needs]
  const expected = Object.hasOwn(rejects, title) ? rejects[title] : undefined
  if (Object.hasOwn(skip, title)) return leftOut(title, skip[title] as string)
  const notHere = subject.leaveOut?.(story)
  if (notHere !== undefined) return leftOut(title, notHere)
  if (lack !== true) return leftOut(title, lack, story.lacks)
  if (expected) return { title, run: async () => rejectedAsNamed(subject, story, expected) }
  return { title, run: () => accepted(subject, story) }
}

function leftOut(title: string, reason: string, confirm: () => Promise<void> = async () => {}): ConformanceCase {
  return {
    title,
    skip: reason,
    run: async () => {
      await confirm()
      return { outcome: 'skipped', reason }
    },
  }
}

async function accepted(subject: ConformanceSubject, story: Story): Promise<CaseResult> {
  const refused = rejectionsOf(subject, story)
  ok(refused.length === 0, `rejected, and no exception names it: ${told(refused)}`)
  await story.run()
  return { outcome: 'passed' }
}

function rejectedAsNamed(
  subject: ConformanceSubject,
  story: Story,
  expected: Readonly<Record<string, string>>,
): CaseResult {
  const found = rejectionsOf(subject, story)
  const isNamed = ({ rrset, words }: Rejected): boolean =>
    Object.hasOwn(expected, rrset) && words.includes(expected[rrset] as string)
  const others = found.filter((one) => !isNamed(one))
  ok(others.length === 0, `rejected otherwise than the exceptions say: ${told(others)}`)
  const missing = Object.keys(expected).filter((rrset) => !found.some((one) => one.rrset === rrset))
  deepStrictEqual(missing, [], 'what an exception names is really rejected')
  return { outcome: 'rejected', reason: told(found) }
}

interface Rejected {
  /** `t.example.com. TXT` */
  readonly rrset: string
  readonly words: string
}

/** What of a case the adapter rejects, each once. */
function rejectionsOf({ plugin }: ConformanceSubject, { rrsets }: Story): Rejected[] {
  const found = rrsets.flatMap((rrset) => {
    const words = rejection(plugin, rrset)
    return words === undefined ? [] : [{ rrset: keyOf(rrset), words }]
  })
  return [...new Map(found.map((one) => [`${one.rrset} ${one.words}`, one])).values()]
}

/** The first few are enough: a case may be about hundreds. */
function told(rejections: readonly Rejected[]): string {
  const shown = rejections.slice(0, 3).map(({ rrset, words }) => `${rrset}: ${JSON.stringify(words)}`)
  return [...shown, ...(rejections.length > 3 ? [`and ${rejections.length - 3} more`] : [])].join(', ')
}
