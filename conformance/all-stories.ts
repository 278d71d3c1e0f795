import { addressFaultCases } from './addresses/address-faults.js'
import { addressCases } from './addresses/addresses.js'
import { faultCases } from './faults.js'
import { foreignCases } from './foreign.js'
import { ownershipCases } from './ownership.js'
import { refusalCases } from './refusals.js'
import { storyCases } from './stories.js'
import type { ConformanceSubject, Story } from './subject.js'
import { transitionCases } from './transitions/transitions.js'

/** Everything the suite does with a subject: an address owner has no zones, and stories of its own. */
export function storiesOf(subject: ConformanceSubject): readonly Story[] {
  if (subject.plugin.traits.serves === 'addresses') return [...addressCases(subject), ...addressFaultCases(subject)]
  return [transitionCases, storyCases, ownershipCases, foreignCases, refusalCases, faultCases].flatMap((cases) =>
    cases(subject),
  )
}
