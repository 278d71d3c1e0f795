import pLimit from 'p-limit'
import type { Name } from '../../records/name.js'
import { canonical, keyOf, type RRset, sameRRset } from '../../records/rrset.js'
import type { Connected } from '../connect/connect.js'
import { failureOf } from '../plan/failure.js'
import { type Plan, type PlannedChange, plannedSubject, type ZoneFailure, type ZonePlan } from '../plan/plan.js'

/** What a saved plan no longer fits. */
export interface Freshness {
  /** RRsets that are not what the plan saw. */
  readonly stale: readonly {
    readonly zone: string
    readonly provider: string
    readonly record: string
    readonly found: string
  }[]
  readonly failures: readonly ZoneFailure[]
}

/** Reads the zones of a saved plan again and compares what stands there with what the plan saw. Writes nothing. */
export async function checkFreshness(
  plan: Plan,
  { providers, parallel, signal }: { providers: ReadonlyMap<string, Connected>; parallel: number; signal: AbortSignal },
): Promise<Freshness> {
  const limit = pLimit(parallel)
  const results = await Promise.all(
    plan.zones.map((zone) => limit(() => checkZone(zone, providers.get(zone.provider), signal))),
  )
  return { stale: results.flatMap(({ stale }) => stale), failures: results.flatMap(({ failures }) => failures) }
}

async function checkZone(plan: ZonePlan, connected: Connected | undefined, signal: AbortSignal): Promise<Freshness> {
  const place = { zone: plan.zone, provider: plan.provider }
  if (!connected)
    return {
      stale: [],
      failures: [
        { ...place, code: 'usage', message: `the spec has no provider ${plan.provider} any more`, hint: 'plan again' },
      ],
    }
  try {
    const actual = new Map(
      (await connected.provider.read(plan.zone as Name, signal)).map((rrset) => [keyOf(rrset), rrset]),
    )
    const stale = plan.changes.filter((change) => !isAsSeen(change, actual.get(keyOf(plannedSubject(change)))))
    return { stale: stale.map((change) => ({ ...place, ...describe(change, actual) })), failures: [] }
  } catch (error) {
    return { stale: [], failures: [{ ...place, ...failureOf(error) }] }
  }
}

function isAsSeen({ before }: PlannedChange, actual: RRset | undefined): boolean {
  if (!before || !actual) return !before && !actual
  return sameRRset(canonical(before), actual)
}

function describe(change: PlannedChange, actual: ReadonlyMap<string, RRset>): { record: string; found: string } {
  const record = keyOf(plannedSubject(change))
  const now = actual.get(record)
  if (!now) return { record, found: 'it is gone' }
  return { record, found: change.before ? 'it was changed' : 'it was created' }
}
