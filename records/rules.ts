import type { Finding } from './finding.js'
import { dkimRules } from './rules/dkim.js'
import { dmarcRules } from './rules/dmarc.js'
import { hostRules } from './rules/host.js'
import { lengthRules } from './rules/length.js'
import { parkedRules } from './rules/parked.js'
import { placementRules } from './rules/placement.js'
import { reverseRules } from './rules/reverse.js'
import type { RuleInput } from './rules/rule.js'
import { spfRules } from './rules/spf.js'

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
