import pLimit from 'p-limit'
import { slotKey } from '../../records/families/mail-record.js'
import { manifestName, readManifests } from '../../records/manifest.js'
import { isWithin, type Name, parentOf } from '../../records/rr/name.js'
import { canonical, keyOf, type RRset, sameRRset } from '../../records/rr/rrset.js'
import type { Connected } from '../connect/connect.js'
import { failureOf } from '../failure.js'
import {
  type Plan,
  type PlannedChange,
  type PlannedEdit,
  plannedSubject,
  type ZoneFailure,
  type ZonePlan,
} from '../plan/plan.js'

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
    plan.zones.map((zone) => limit(() => checkZone(zone, plan.owner, providers.get(zone.provider), signal))),
  )
  return { stale: results.flatMap(({ stale }) => stale), failures: results.flatMap(({ failures }) => failures) }
}

async function checkZone(
  plan: ZonePlan,
  owner: Plan['owner'],
  connected: Connected | undefined,
  signal: AbortSignal,
): Promise<Freshness> {
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
    const isOwned = ownership(plan, owner, actual)
    const stale = plan.changes.flatMap((change) => {
      const found = surprise(change, plan.zone as Name, actual, isOwned)
      return found === undefined ? [] : [{ ...place, record: keyOf(plannedSubject(change)), found }]
    })
    return { stale, failures: [] }
  } catch (error) {
    return { stale: [], failures: [{ ...place, ...failureOf(error) }] }
  }
}

type Actual = ReadonlyMap<string, RRset>
type IsOwned = (rrset: RRset, purpose: PlannedEdit['purpose']) => boolean

/** What this owner has written into the zone, as the plan saw it; a plan that leaves the manifest alone saw what stands there. */
function ownership({ zone, changes }: ZonePlan, owner: Plan['owner'], actual: Actual): IsOwned {
  const change = changes.find(({ manifest }) => manifest)
  const manifest = change ? change.before : actual.get(keyOf({ name: manifestName(zone as Name), type: 'TXT' }))
  const slots =
    owner === false || manifest?.type !== 'TXT' ? [] : readManifests(zone as Name, manifest.rdata).get(owner)
  const owned = new Set(slots?.map(slotKey))
  return ({ name, type }, purpose) => owned.has(slotKey({ name, type, purpose }))
}

/** Why a change does not fit what stands there, in words; undefined where it does. */
function surprise(change: PlannedChange, zone: Name, actual: Actual, isOwned: IsOwned): string | undefined {
  const { before, after, edits } = change
  const subject = plannedSubject(change)
  const now = actual.get(keyOf(subject))
  if (before && !now) return 'it is gone'
  if (!before && now) return 'it was created'
  if (before && now && !sameRRset(canonical(before), now)) return 'it was changed'
  if (edits.some((edit) => replaces(edit) && !edit.adopts && !isOwned(subject, edit.purpose)))
    return 'it holds a value that mailsync did not write, and the plan does not say so'
  return after && obstacle(after, zone, actual)
}

function replaces({ before, after }: PlannedEdit): boolean {
  return before.some((value) => !after.includes(value))
}

/** What would keep an RRset from being seen, or from being written at all. */
function obstacle({ name, type }: RRset, zone: Name, actual: Actual): string | undefined {
  if (type !== 'CNAME' && actual.has(keyOf({ name, type: 'CNAME' }))) return 'a CNAME was put at its name'
  if (type === 'CNAME' && [...actual.values()].some((one) => one.name === name && one.type !== 'CNAME'))
    return 'other records were put at its name'
  for (let at = name; at !== zone && isWithin(at, zone); at = parentOf(at))
    if (actual.has(keyOf({ name: at, type: 'NS' }))) return `${at} was delegated to other name servers`
  return undefined
}
