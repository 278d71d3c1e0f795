import { asHeld } from '../../../providers/as-held.js'
import { diffZone, type ZoneDiff } from '../../../records/diff.js'
import { withoutListed } from '../../../records/families/catalog/member.js'
import { type MailRecord, type Slot, slotKey } from '../../../records/families/mail-record.js'
import { slotOf } from '../../../records/families/slot.js'
import type { Finding } from '../../../records/finding.js'
import { keyOf, subjectOf } from '../../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../../records/rr/zone.js'
import { checkZone } from '../../../records/rules.js'
import { aliasesHeld } from '../../hosts/reverse/look-at-reverse.js'
import { type Locate, type Problem, toProblem } from '../../problem.js'
import { dkimProblems } from '../problems/dkim-problems.js'
import { errorsNow } from '../problems/errors-now.js'
import { hostAddresses } from '../problems/host-addresses.js'
import { shadowedWildcards } from '../problems/shadowed-wildcards.js'
import { spacedKeys } from '../problems/spaced-keys.js'
import { leftPtrs } from './leading-zones.js'
import { staysAs, withHeldTtls } from './read-zone.js'
import type { ZoneFinding, ZoneTask } from './task.js'

/** How a zone differs from what the spec wants there, and what is to be said about it. */
export interface ComparedZone extends Pick<ZoneFinding, 'problems' | 'targets' | 'aliases'> {
  readonly diff: ZoneDiff
  /** The zone once that is applied. */
  readonly after: Zone
}

/** Compares a zone that was read with what the spec wants there. Pure. */
export function compareZone(task: ZoneTask, zone: Zone, locate: Locate): ComparedZone {
  const { connected, rules, owner, partial, mayGo, neededKeys } = task
  const byHand = connected.plugin.traits.write === 'by-hand'
  const asDesired = (records: readonly MailRecord[]): readonly MailRecord[] => {
    const held = records.map((record) => ({ ...record, rrset: asHeld(connected.plugin, record.rrset) }))
    return withoutListed(byHand ? withHeldTtls(held, zone) : held, zone)
  }
  const desired = asDesired(task.desired)
  const frozen = staysAs(task)
  const manifestTtl = manifestTtlAt(task)
  const diff = diffZone({ zone, desired, owner, manifestTtl, partial, mayGo, frozen, byHand })
  const after = zoneAfter(zone, diff)
  const rest = asDesired(task.others)
  const finished =
    rest.length === 0
      ? after
      : zoneAfter(after, diffZone({ zone: after, desired: rest, owner: false, manifestTtl, partial: true, byHand }))
  const problems = [
    ...rejections(diff, task),
    ...diff.collisions,
    ...dkimProblems({ zone, diff, desired, neededKeys, domains: rules.domains, keys: rules.keys }),
    ...spacedKeys({ zone, desired }),
    ...shadowedWildcards(zone, diff),
    ...errorsNow(diff),
    ...(task.unseen && !task.partial ? leftPtrs(leftThere(diff, desired), task) : []),
    ...checkZone(rules, finished, zone).filter(({ from }) => task.isAbout(from)),
  ].map((finding): Problem => ({ ...toProblem(finding, locate), zone: task.zone, provider: connected.name }))
  return {
    diff,
    after,
    problems,
    targets: hostAddresses(task.mxTargets, after),
    aliases: aliasesHeld(task.reverseNames, zone),
  }
}

/** What of ours the spec does not ask for and stays. */
function leftThere({ owned, removed }: ZoneDiff, desired: readonly MailRecord[]): Slot[] {
  const others = new Set([...desired.map(slotOf), ...removed].map(slotKey))
  return owned.filter((slot) => !others.has(slotKey(slot)))
}

function manifestTtlAt({ zone, manifestTtl, connected }: ZoneTask): number {
  return asHeld(connected.plugin, { type: 'TXT', name: zone, ttl: manifestTtl, rdata: ['v=mailsync1'] }).ttl
}

/** The zone once the plan is applied. */
function zoneAfter(zone: Zone, { edits }: ZoneDiff): Zone {
  if (edits.length === 0) return zone
  const changed = new Set(edits.map(({ change }) => keyOf(subjectOf(change))))
  return zoneWith(
    zone.name,
    [
      ...zone.rrsets.filter((rrset) => !changed.has(keyOf(rrset))),
      ...edits.flatMap(({ change }) => (change.kind === 'delete' ? [] : [change.after])),
    ],
    zone.asked,
  )
}

/** What the provider cannot hold, strangers' values in the same RRset included; not what is remembered beside the spec. */
function rejections({ edits }: ZoneDiff, { zone, connected }: ZoneTask): Finding[] {
  const { traits, rejects } = connected.plugin
  return edits.flatMap(({ change, edits: [first] }): Finding[] => {
    const isRemembered = first === undefined && connected.memory !== undefined
    if (change.kind === 'delete' || isRemembered) return []
    const { after } = change
    const reason = traits.types.includes(after.type) ? rejects?.(after) : `it cannot hold ${after.type} records`
    if (reason === undefined) return []
    const from = first?.from ?? ['zones', zone]
    return [{ rule: 'provider-rejects', severity: 'error', from, message: `${keyOf(after)}: ${reason}` }]
  })
}
