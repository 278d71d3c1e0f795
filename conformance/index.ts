import { deepStrictEqual, match, ok } from 'node:assert/strict'
import { faultCases } from './faults.js'
import { foreignCases } from './foreign.js'
import { ownershipCases } from './ownership.js'
import { refusalCases } from './refusals.js'
import { storyCases } from './stories.js'
import { type ConformanceCase, type ConformanceSubject, rejection, type Story } from './subject.js'
import { transitionCases } from './transitions.js'

export type { ConformanceCase, ConformanceSubject, OpenZone } from './subject.js'

/**
 * The one suite every adapter passes, for any test runner:
 *
 *     for (const { title, run } of conformanceCases(subject)) test(title, run)
 *
 * Every case is a story of one zone: it holds A, changes are written, what is read back equals B, and planning again
 * finds nothing to do. What an adapter cannot do is named in the subject, case by case and with a reason; a name that is no
 * case, and an RRset that is rejected though no case names it, are failures.
 */
export function conformanceCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const stories = [
    ...transitionCases(subject),
    ...storyCases(subject),
    ...ownershipCases(subject),
    ...foreignCases(subject),
    ...refusalCases(subject),
    ...faultCases(subject),
  ]
  const { skip = {}, rejects = {}, can } = subject
  const titles = new Set(stories.map(({ title }) => title))
  const unknown = [...Object.keys(skip), ...Object.keys(rejects)].filter((title) => !titles.has(title))
  if (unknown.length > 0) throw new Error(`cases that do not exist: ${unknown.join(', ')}`)
  const empty = stories.find(({ rrsets, title }) => rrsets.length === 0 && Object.hasOwn(rejects, title))
  if (empty) throw new Error(`nothing to be rejected in: ${empty.title}`)
  const reasons = [skip, rejects, can].flatMap((named) => Object.entries(named))
  const silent = reasons.filter(([, reason]) => reason !== true && !/\S/.test(reason))
  if (silent.length > 0) throw new Error(`no reason is given for: ${silent.map(([title]) => title).join(', ')}`)
  return stories
    .filter(({ title }) => !Object.hasOwn(skip, title))
    .map((story) => ({
      title: story.title,
      run: Object.hasOwn(rejects, story.title) ? () => runRejected(subject, story) : () => runAccepted(subject, story),
    }))
}

async function runAccepted(subject: ConformanceSubject, story: Story): Promise<void> {
  const refused = story.rrsets.flatMap((rrset) => rejection(subject.plugin, rrset) ?? [])
  deepStrictEqual(refused, [], 'nothing is rejected in a case that `rejects` does not name')
  await story.run()
}

async function runRejected({ plugin }: ConformanceSubject, { rrsets }: Story): Promise<void> {
  const reason = rrsets.map((rrset) => rejection(plugin, rrset)).find((why) => why !== undefined)
  ok(reason !== undefined, 'a case that `rejects` names is really rejected')
  match(reason, /\S/, 'the user is told why')
}
