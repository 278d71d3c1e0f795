import { quoted } from '../../../records/cut.js'
import { isWithin, type Name, parseName } from '../../../records/rr/name.js'
import { parseRdata, type RRType, rdataText } from '../../../records/rr/rdata.js'
import { afterOf, beforeOf, keyOf, subjectOf } from '../../../records/rr/rrset.js'
import type { Plan, PlannedChange, PlannedEdit, ZonePlan } from '../plan.js'
import { changeFaults } from './change-faults.js'
import { manifestFaults } from './manifest-faults.js'

/**
 * What cannot be in a plan that mailsync made: that would write something else than it shows, or write where nothing is
 * ours. Told from the plan alone, so that a plan that was edited on its way is refused before anything is read.
 */
export function planFaults(plan: Plan): string[] {
  const places = plan.zones.map(({ zone, provider }) => `${zone} at ${provider}`)
  return [...twice(places), ...plan.zones.flatMap((zone) => zoneFaults(zone, plan.owner))]
}

function zoneFaults(plan: ZonePlan, owner: string | false): string[] {
  const { zone, provider, changes, removed, owned } = plan
  if (parseName(zone) !== zone) return [`${quoted(zone)} is no name of a zone`]
  const edits = changes.flatMap((change) => change.edits)
  const isGone = ({ before, after, where }: PlannedEdit): boolean => before.length > 0 && after.length === 0 && !where
  const deleted = edits.filter(isGone).length
  const faults = [
    ...twice(changes.map((change) => keyOf(subjectOf(change)))),
    ...changes.flatMap((change) => faultsOf(change, zone as Name, owner)),
    ...(removed < deleted || owned < removed ? [`${deleted} slots go, and it counts ${removed} of ${owned}`] : []),
  ]
  return faults.map((fault) => `${zone} at ${provider}: ${fault}`)
}

function faultsOf(change: PlannedChange, zone: Name, owner: string | false): string[] {
  const [before, after] = [beforeOf(change), afterOf(change)]
  const { name, type } = subjectOf(change)
  const faults = [
    ...(parseName(name) === name && isWithin(name, zone) ? [] : ['it is no name in the zone']),
    ...(before && after && keyOf(before) !== keyOf(after) ? ['its `before` is another RRset than its `after`'] : []),
    ...(after ? rdataFaults(change) : []),
    ...(change.manifest ? manifestFaults(change, zone, owner) : changeFaults(change, owner)),
  ]
  return faults.map((fault) => `${name} ${type}: ${fault}`)
}

/** What no server could be told; what stands there already may be anything. */
function rdataFaults(change: PlannedChange): string[] {
  const { type } = subjectOf(change)
  const written = change.edits.flatMap((edit) => edit.after)
  const wrong = type === 'TXT' ? [] : written.filter((text) => !isRdata(type, text))
  return wrong.map((text) => `${quoted(text)} is no value for ${type}`)
}

function isRdata(type: RRType, text: string): boolean {
  const rdata = parseRdata(type, text)
  return rdata !== undefined && rdataText(type, rdata) === text
}

function twice(keys: readonly string[]): string[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map((key) => `${key} is in it twice`)
}
