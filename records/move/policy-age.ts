import { withoutDot } from '../rr/name.js'
import type { RuleInput } from '../rules/rule.js'
import type { Domain } from '../spec.js'

type Side = Pick<RuleInput, 'domains'>

/**
 * Seconds for which a sender may keep an MTA-STS policy that lets no mail go to an MX that is moved to; 0 where there is no such policy.
 * One that heeds RFC 8461 §5.1 fetches the policy again before it gives up; for one that does not, the MX that is left stays so long.
 */
export function policyAge(left: Side, goal: Side): number {
  const next = new Map(goal.domains.map((domain) => [domain.name, domain]))
  return Math.max(0, ...left.domains.map((domain) => ageOf(domain, next.get(domain.name))))
}

function ageOf({ mtaSts, ...domain }: Domain, next: Domain | undefined): number {
  if (!next || mtaSts === false || !('mode' in mtaSts.policy) || mtaSts.policy.mode !== 'enforce') return 0
  const allowed = hostsOf(domain)
  return hostsOf(next).some((host) => !allowed.includes(host)) ? mtaSts.policy.maxAge.value : 0
}

function hostsOf({ mx }: Pick<Domain, 'mx'>): string[] {
  return Array.isArray(mx) ? mx.map(({ host }) => host).sort() : []
}

/** Domains whose policy, kept by their spec, has to list the MX of both specs before an MX changes (RFC 8461 §8.1). */
export function movedPolicies(old: Side, goal: Side): string[] {
  const next = new Map(goal.domains.map((domain) => [domain.name, domain]))
  return old.domains.flatMap(({ name, mtaSts, ...domain }) => {
    const other = next.get(name)
    const isKept = mtaSts !== false && 'mode' in mtaSts.policy && mtaSts.policy.mode !== 'none'
    return isKept && other && hostsOf(domain).join(' ') !== hostsOf(other).join(' ') ? [withoutDot(name)] : []
  })
}
