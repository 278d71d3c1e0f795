import type { Resolver } from '../../../providers/dns/client/resolver.js'
import type { Compiled } from '../../../records/compile.js'
import { displayName } from '../../../records/rr/name.js'
import type { Plan } from '../../plan/plan.js'
import { inTextOrder, type Locate, type Problem, toProblem } from '../../problem.js'
import { zoneSigned } from './zone-signed.js'

/** The plan with what DNS says of the zones that hold TLSA: whether their parents have a DS for them (RFC 4035 §2.4). */
export async function withSignedZones(
  plan: Plan,
  { zones }: Pick<Compiled, 'zones'>,
  resolver: Resolver,
  { locate, signal }: { readonly locate: Locate; readonly signal: AbortSignal },
): Promise<Plan> {
  const found = await Promise.all(
    [...zones].map(async ([zone, records]) => {
      const first = records.find(({ purpose }) => purpose === 'tlsa')
      const state = first && (await zoneSigned(zone, resolver, signal))
      return first && state ? [{ zone, state, from: first.from }] : []
    }),
  )
  const states = found.flat()
  const unsigned = states
    .filter(({ state }) => state === 'unsigned')
    .map(({ zone, from }): Problem => {
      const finding = {
        rule: 'tlsa-zone-unsigned',
        severity: 'warning' as const,
        from,
        message: `${displayName(zone)} has no DS at its parent, so DNSSEC does not hold there and no sender looks at its TLSA (RFC 7672 §2.2)`,
        hint: 'sign the zone at its provider, and give the DS to its registrar',
      }
      return { ...toProblem(finding, locate), zone }
    })
  const known = new Set<string | undefined>(states.map(({ zone }) => zone))
  const others = plan.problems.filter(({ rule, zone }) => rule !== 'tlsa-dnssec-unknown' || !known.has(zone))
  return { ...plan, problems: inTextOrder([...others, ...unsigned]) }
}
