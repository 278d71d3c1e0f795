import { dkimRules } from './families/dkim/rules.js'
import { dmarcRules } from './families/dmarc/rules.js'
import { hostRules } from './families/host/rules.js'
import { reverseRules } from './families/ptr/rules.js'
import { spfRules } from './families/spf/rules.js'
import type { Finding } from './finding.js'
import { lengthRules } from './rules/length.js'
import { parkedRules } from './rules/parked.js'
import { placementRules } from './rules/placement.js'
import type { RuleInput } from './rules/rule.js'

const RULES = [
  ...placementRules,
  ...hostRules,
  ...parkedRules,
  ...reverseRules,
  ...lengthRules,
  ...spfRules,
  ...dkimRules,
  ...dmarcRules,
]

/** Applies every cross-record rule to a spec and what it was compiled into. */
export function checkSpec(input: RuleInput): Finding[] {
  return RULES.flatMap((rule) => rule(input))
}
