import { heldAddress, isPublic } from '../../records/rr/address.js'
import type { Plan } from '../plan/plan.js'
import { hasErrors, type Problem } from '../problem.js'
import type { Check, CheckId, Verdict } from './check.js'
import { type Opinion, opinionsFrom } from './receivers/opinions.js'
import type { Scope } from './subjects/scope.js'

/** What came of a verification. */
export interface VerifyReport {
  /** Worst first. */
  readonly checks: readonly Check[]
  readonly domains: readonly DomainReport[]
  /** Of a report of several shards: those that are missing. */
  readonly problems?: readonly Problem[]
  /** Of the report of a shard, for `merge`: the spec file, as it was named, and the shard. */
  readonly spec?: string
  readonly narrowed?: NonNullable<Plan['narrowed']>
}

export interface DomainReport {
  /** With its dot. */
  readonly name: string
  /** What large receivers make of its mail; none where nobody sends for it. */
  readonly receivers: readonly Opinion[]
}

export function reportOf({ domains }: Scope, checks: readonly Check[]): VerifyReport {
  const opinions = opinionsFrom(checks)
  return {
    checks,
    domains: domains.map((domain) => ({ name: domain.name, receivers: domain.sends ? opinions(domain) : [] })),
  }
}

/** How many checks ended in each way. */
export function countVerdicts(checks: readonly Check[]): Record<Verdict, number> {
  const counts = { fail: 0, unknown: 0, warn: 0, pass: 0 }
  for (const { verdict } of checks) counts[verdict] += 1
  return counts
}

/**
 * Whether a run counts as failed: a check does, a part of it is missing, or nothing outside could be seen at all.
 *
 * @param isPart of a shard, in which there may be nothing to look at
 */
export function hasFailed(
  { checks, problems = [] }: Pick<VerifyReport, 'checks' | 'problems'>,
  isPart = false,
): boolean {
  if (hasErrors(problems)) return true
  if (isPart && checks.length === 0) return false
  return checks.some(({ verdict }) => verdict === 'fail') || isUnseen(checks)
}

/** Whether nobody outside has answered anything. */
export function isUnseen(checks: readonly Check[]): boolean {
  return !checks.some(hasSeen)
}

/** What the spec alone can decide, or what stands beside other checks that ask the same. */
const OF_SPEC: readonly CheckId[] = ['dkim-present', 'dkim-private', 'message-dkim']

/** Whether a check asked somebody who answered. */
function hasSeen({ id, subject, verdict }: Check): boolean {
  if (verdict === 'unknown' || OF_SPEC.includes(id)) return false
  const address = subject.kind === 'address' ? heldAddress(subject.name) : undefined
  return address === undefined || isPublic(address)
}
