import type { Compiled, Targets } from '../../../records/compile.js'
import type { DkimNeed } from '../../../records/families/dkim/dkim.js'
import { nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import type { MailRecord, Slot } from '../../../records/families/mail-record.js'
import { frozenSlots } from '../../../records/frozen.js'
import { groupBy } from '../../../records/group.js'
import { isWithin, type Name, zoneOf } from '../../../records/rr/name.js'
import { ARPA } from '../../../records/rr/reverse.js'
import { type Connected, holderOf } from '../../connect/connect.js'
import { reverseNamesOf } from '../../hosts/reverse/look-at-reverse.js'
import type { PlanInput } from '../plan-input.js'
import { undeclaredMxTargets } from '../problems/mx-targets.js'
import { placeFilter, recordFilter } from '../select.js'
import type { ZoneTask } from './task.js'

/**
 * Every declared zone, with or without records (what we own there may have to go), every other zone with records, and the
 * addresses of each address owner.
 */
export function zoneTasks(
  input: PlanInput,
  compiled: Compiled,
  zones: Targets,
  neededKeys: ReadonlyMap<Name | undefined, readonly DkimNeed[]>,
): ZoneTask[] {
  const { spec, providers, selection } = input
  const isChosen = recordFilter(spec, selection)
  const isAbout = placeFilter(spec, selection)
  const { keysOnly } = selection
  const isLimited = keysOnly !== undefined || selection.domains.length > 0
  const gone = new Set((keysOnly === 'dkim' ? input.keys : []).filter(({ state }) => state === 'gone').map(nameOfKey))
  const isGoneKey = ({ purpose, name }: Slot): boolean => purpose === 'dkim' && gone.has(name)
  const frozen = frozenSlots(spec)
  const reverseNames = groupBy(reverseNamesOf(compiled.input), (name) => zoneOf(name, zones))
  const mxTargets = groupBy(undeclaredMxTargets(spec), (name) => zoneOf(name, zones))
  const task = (zone: Name, connected: Connected, desired: readonly MailRecord[]): ZoneTask => ({
    zone,
    connected,
    desired: isLimited ? desired.filter(isChosen) : desired,
    others: isLimited ? desired.filter((record) => !isChosen(record)) : [],
    isAbout,
    mxTargets: mxTargets.get(zone) ?? [],
    neededKeys: neededKeys.get(zone) ?? [],
    owner: spec.owner,
    manifestTtl: spec.ttl,
    partial: isLimited,
    ...(keysOnly !== undefined && { mayGo: isGoneKey }),
    frozen,
    reverseNames: reverseNames.get(zone) ?? [],
    rules: compiled.input,
  })
  const ofAddresses = [...(spec.addressOwners ?? [])]
    .sort()
    .map((name) => task(ARPA, holderOf(providers.get(name) as Connected, ARPA), compiled.addressOwners.get(name) ?? []))
  const names = [...zones.keys()].filter((zone) => spec.zones.has(zone) || compiled.zones.has(zone))
  const ofZones = names
    .sort()
    .flatMap((zone) =>
      (zones.get(zone) as readonly string[]).map((target) =>
        task(zone, providers.get(target) as Connected, compiled.zones.get(zone) ?? []),
      ),
    )
  return [...ofAddresses, ...ofZones].filter(
    ({ zone, desired, partial }) =>
      !partial || desired.length > 0 || neededKeys.has(zone) || [...gone].some((name) => isWithin(name, zone)),
  )
}
