import type { Targets } from '../../../records/compile.js'
import type { Name } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import type { Connected } from '../../connect/connect.js'
import { failureOf } from '../../failure.js'
import type { ZoneFailure } from '../plan.js'

/** The zones of a run. */
export interface Discovered {
  readonly zones: Targets
  /** Providers that could not say what they serve. */
  readonly failures: readonly ZoneFailure[]
}

/** The declared zones, and those the targets of `'*'` serve besides. */
export async function discoverZones(
  spec: MailSpec,
  providers: ReadonlyMap<string, Connected>,
  signal: AbortSignal,
): Promise<Discovered> {
  const zones = new Map<Name, readonly string[]>([...spec.zones].map(([zone, { targets }]) => [zone, targets]))
  const failures: ZoneFailure[] = []
  for (const target of spec.otherZones?.targets ?? []) {
    try {
      const served = (await providers.get(target)?.provider.zones(signal)) ?? []
      for (const zone of served) if (!spec.zones.has(zone)) zones.set(zone, [...(zones.get(zone) ?? []), target])
    } catch (error) {
      failures.push({ zone: '*', provider: target, ...failureOf(error) })
    }
  }
  return { zones, failures }
}
