import { faultCases } from './faults.js'
import { foreignCases } from './foreign.js'
import { ownershipCases } from './ownership.js'
import { refusalCases } from './refusals.js'
import { storyCases } from './stories.js'
import type { ConformanceSubject, Story } from './subject.js'
import { transitionCases } from './transitions.js'

/** Everything the suite does with a subject. */
export function storiesOf(subject: ConformanceSubject): readonly Story[] {
  return [transitionCases, storyCases, ownershipCases, foreignCases, refusalCases, faultCases].flatMap((cases) =>
    cases(subject),
  )
}
