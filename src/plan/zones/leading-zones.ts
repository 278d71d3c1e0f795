import type { Compiled } from '../../../records/compile.js'
import type { Slot } from '../../../records/families/mail-record.js'
import type { Finding } from '../../../records/finding.js'
import { groupBy } from '../../../records/group.js'
import { displayName, type Name, zoneOf } from '../../../records/rr/name.js'
import { addressAt, reverseName } from '../../../records/rr/reverse.js'
import { reverseNamesOf } from '../../hosts/reverse/look-at-reverse.js'
import type { PlanInput } from '../plan-input.js'
import type { UnseenNames, ZoneTask } from './task.js'

/** What a run has seen of reverse names, and what it need not have seen. */
export interface Looked {
  readonly tasks: readonly ZoneTask[]
  /** Reverse names of no declared zone that DNS did not tell of. */
  readonly untold: ReadonlySet<Name>
  /** Whether the spec asked for a PTR before, and by itself: that it no longer does is reason enough for it to go. */
  readonly wasAsked?: ((slot: Slot) => boolean) | undefined
}

/**
 * Which reverse names of the spec are in a zone that the run does not look at, and were not asked for in DNS. What stands there may lead to
 * a PTR in a zone that it does look at (RFC 2317 §4).
 */
export function unseenNames({ input }: Compiled, { tasks, untold, wasAsked }: Looked): UnseenNames | undefined {
  const looked = new Set(tasks.map(({ zone }) => zone))
  const isSeen = (name: Name): boolean => {
    const zone = zoneOf(name, input.zones)
    return input.aliases.has(name) || (zone === undefined ? !untold.has(name) : looked.has(zone))
  }
  const unseen = new Set(reverseNamesOf(input).filter((name) => !isSeen(name)))
  const [first] = unseen
  if (first === undefined) return undefined
  return {
    mayLeadTo: (slot) => {
      if (slot.purpose !== 'ptr' || wasAsked?.(slot)) return undefined
      const name = leadingName(slot.name) ?? first
      return name !== slot.name && unseen.has(name) ? { name, zone: zoneOf(name, input.zones) } : undefined
    },
  }
}

/** The only reverse name that a CNAME leads from to another one: that of the same address. Undefined where it may be any. */
export function leadingName(name: Name): Name | undefined {
  const address = addressAt(name)
  return address && reverseName(address)
}

/**
 * Zones that are looked at only for the CNAMEs there: they decide whether a PTR that is wanted in one of the tasks belongs there. What their
 * provider cannot list stays unknown.
 */
export function leadingTasks(
  tasks: readonly ZoneTask[],
  { input }: Compiled,
  providers: PlanInput['providers'],
): ZoneTask[] {
  const looked = new Map(tasks.map((task) => [task.zone, task]))
  const leading = new Map<Name, ZoneTask>()
  const names = groupBy(reverseNamesOf(input), (name) => zoneOf(name, input.zones))
  for (const { purpose, rrset, alias } of input.records) {
    const zone = alias && zoneOf(alias, input.zones)
    const from = looked.get(zoneOf(rrset.name, input.zones) as Name)
    if (purpose !== 'ptr' || !alias || !zone || !from || looked.has(zone) || leading.has(zone)) continue
    const connected = providers.get(input.zones.get(zone)?.[0] ?? '')
    if (connected === undefined || connected.plugin.traits.read === 'places') continue
    const reverseNames = names.get(zone) ?? []
    const nothing = { desired: [], others: [], mxTargets: [], neededKeys: [] }
    leading.set(zone, { ...from, ...nothing, zone, connected, reverseNames, isForAliases: true })
  }
  return [...leading.values()]
}

/** What is said of PTRs of ours that stay because a zone was not looked at. */
export function leftPtrs(slots: readonly Slot[], { zone, unseen }: Pick<ZoneTask, 'zone' | 'unseen'>): Finding[] {
  const left = slots.flatMap((slot) => {
    const by = unseen?.mayLeadTo(slot)
    return by ? [{ name: slot.name, by }] : []
  })
  const [first] = left
  if (first === undefined) return []
  const { name, by } = first
  const [place, hint] =
    by.zone === undefined
      ? [`at ${by.name}`, 'plan without --no-dns, and without --since']
      : [`in ${by.zone}`, `plan with --zone ${displayName(zone)} --zone ${displayName(by.zone)}, or everything`]
  const [what, there] =
    left.length === 1
      ? [`${name} PTR is left as it is`, 'it']
      : [`${name} PTR and ${left.length - 1} more are left as they are`, 'them']
  return [
    {
      rule: 'ptr-left',
      severity: 'note',
      from: ['zones', zone],
      message: `${what}: this run does not ask for ${there}, but a CNAME ${place}, which it did not look at, may lead there`,
      hint,
    },
  ]
}
