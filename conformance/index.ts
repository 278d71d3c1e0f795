import { refusalCases } from './refusals.js'
import { storyCases } from './stories.js'
import type { ConformanceCase, ConformanceSubject } from './subject.js'
import { transitionCases } from './transitions.js'

export type { ConformanceCase, ConformanceSubject, OpenZone } from './subject.js'

/**
 * The one suite every adapter passes, for any test runner:
 *
 *     for (const { title, run } of conformanceCases(subject)) test(title, run)
 *
 * Every case is a story of one zone: it holds A, changes are written, what is read back equals B, and planning again
 * finds nothing to do.
 */
export function conformanceCases(subject: ConformanceSubject): readonly ConformanceCase[] {
  const cases = [...transitionCases(subject), ...storyCases(subject), ...refusalCases(subject)]
  const unknown = Object.keys(subject.skip ?? {}).filter((title) => !cases.some((one) => one.title === title))
  if (unknown.length > 0) throw new Error(`skipped cases that do not exist: ${unknown.join(', ')}`)
  return cases.filter(({ title }) => subject.skip?.[title] === undefined)
}
