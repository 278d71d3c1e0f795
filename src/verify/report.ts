import { heldAddress, isPublic } from '../../records/rr/address.js'
import type { Check, CheckId, Verdict } from './check.js'
import { type Opinion, opinionsFrom } from './receivers/opinions.js'
import type { Scope } from './subjects/scope.js'

/** What came of a verification. */
export interface VerifyReport {
  /** Worst first. */
  readonly checks: readonly Check[]
  readonly domains: readonly DomainReport[]
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
 * Whether a run counts as failed: a check does, or nothing outside could be seen at all.
 *
 * @param isPart of a shard, in which there may be nothing to look at
 */
export function hasFailed(checks: readonly Check[], isPart = false): boolean {
  if (isPart && checks.length === 0) return false
  return checks.some(({ verdict }) => verdict === 'fail') || !checks.some(hasSeen)
}

/** What the spec alone can decide, or what stands beside other checks that ask the same. */
const OF_SPEC: readonly CheckId[] = ['dkim-present', 'dkim-private', 'message-dkim']

/** Whether a check asked somebody who answered. */
function hasSeen({ id, subject, verdict }: Check): boolean {
  if (verdict === 'unknown' || OF_SPEC.includes(id)) return false
  const address = subject.kind === 'address' ? heldAddress(subject.name) : undefined
  return address === undefined || isPublic(address)
}
