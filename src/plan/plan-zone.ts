import { diffZone, type RRsetEdit, type ZoneDiff } from '../../records/diff.js'
import type { DkimNeed } from '../../records/families/dkim/dkim.js'
import type { MailRecord } from '../../records/families/mail-record.js'
import type { Name } from '../../records/rr/name.js'
import { canonical, keyOf, type RRset } from '../../records/rr/rrset.js'
import type { Connected } from '../connect/connect.js'
import { failureOf } from '../failure.js'
import { type Locate, type Problem, toProblem } from '../problem.js'
import { dkimProblems } from './dkim-problems.js'
import type { PlannedChange, ZoneFailure, ZonePlan } from './plan.js'
import { shadowedWildcards } from './shadowed-wildcards.js'
import { type Standing, standings } from './standing.js'

/** One zone at one provider, to be read and compared. */
export interface ZoneTask {
  readonly zone: Name
  readonly connected: Connected
  readonly desired: readonly MailRecord[]
  /** Names in this zone that an MX of the spec leads to and no host of the spec has. */
  readonly mxTargets: readonly Name[]
  /** Keys to be made for names in this zone, their selectors expanded. */
  readonly neededKeys: readonly DkimNeed[]
  readonly owner: string | false
  readonly manifestTtl: number
  readonly partial: boolean
}

/** What was found at the provider; nothing of what was read is kept but this. */
export interface ZoneFinding {
  readonly plan?: ZonePlan
  readonly failure?: ZoneFailure
  readonly problems: readonly Problem[]
  /** What will stand at each of `mxTargets` that this zone answers for. */
  readonly targets: ReadonlyMap<Name, Standing>
}

/** Reads a zone and compares it with what the spec wants there. A provider's failure is an answer, not an exception. */
export async function planZone(task: ZoneTask, locate: Locate, signal: AbortSignal): Promise<ZoneFinding> {
  const { zone, connected } = task
  const place = { zone, provider: connected.name }
  try {
    const actual = await connected.provider.read(zone, signal)
    const desired = task.desired.map((record) => ({ ...record, rrset: asHeld(record.rrset, connected) }))
    const manifestTtl = asHeld(
      { type: 'TXT', name: zone, ttl: task.manifestTtl, rdata: ['v=mailsync1'] },
      connected,
    ).ttl
    const diff = diffZone({ ...task, manifestTtl, desired, actual })
    const problems = [
      ...rejections(diff, task),
      ...collisions(diff),
      ...dkimProblems({ ...task, diff, actual, desired }),
      ...shadowedWildcards(zone, actual, diff),
    ].map((finding) => ({
      ...toProblem(finding, locate),
      ...place,
    }))
    const targets = standings(task.mxTargets, zone, afterwards(actual, diff))
    if (problems.some(({ severity }) => severity === 'error'))
      return {
        failure: { ...place, code: 'rejected', message: 'the zone cannot take what the spec asks; see its problems' },
        problems,
        targets,
      }
    return { ...(diff.edits.length > 0 ? { plan: toZonePlan(diff, task, locate) } : {}), problems, targets }
  } catch (error) {
    return { failure: { ...place, ...failureOf(error) }, problems: [], targets: new Map() }
  }
}

/** What the zone will hold: an MX must not lead to an address that this plan takes away. */
function afterwards(actual: readonly RRset[], { edits }: ZoneDiff): readonly RRset[] {
  const deleted = new Set(edits.flatMap(({ change }) => (change.kind === 'delete' ? [keyOf(change.before)] : [])))
  return deleted.size === 0 ? actual : actual.filter((rrset) => !deleted.has(keyOf(rrset)))
}

/** The RRset as the provider will show it. */
function asHeld(rrset: RRset, { plugin }: Connected): RRset {
  const { min, max } = plugin.traits.ttl
  const held = canonical({ ...rrset, ttl: Math.min(Math.max(rrset.ttl, min), max) })
  return plugin.canonicalize ? canonical(plugin.canonicalize(held)) : held
}

type PlaceFinding = Parameters<typeof toProblem>[0]

/** What the provider cannot hold, strangers' values in the same RRset included. */
function rejections({ edits }: ZoneDiff, { zone, connected }: ZoneTask): PlaceFinding[] {
  const { traits, rejects } = connected.plugin
  return edits.flatMap(({ change, edits: [first] }): PlaceFinding[] => {
    if (change.kind === 'delete') return []
    const { after } = change
    const reason = traits.types.includes(after.type) ? rejects?.(after) : `it cannot hold ${after.type} records`
    if (reason === undefined) return []
    const path = first?.from ?? ['zones', zone]
    return [{ rule: 'provider-rejects', severity: 'error', path, message: `${keyOf(after)}: ${reason}` }]
  })
}

function collisions(diff: ZoneDiff): PlaceFinding[] {
  return diff.collisions.map(({ rule, from, message, hint }) => ({
    rule,
    severity: 'error',
    path: from,
    message,
    hint,
  }))
}

function toZonePlan(diff: ZoneDiff, { zone, connected }: ZoneTask, locate: Locate): ZonePlan {
  return {
    zone,
    provider: connected.name,
    changes: diff.edits.map((edit) => toPlannedChange(edit, locate)),
    writes:
      connected.provider.batches?.(
        zone,
        diff.edits.map(({ change }) => change),
      ) ?? 1,
    owned: diff.owned.length,
    removed: diff.removed.length,
    claimed: diff.claimed,
  }
}

function toPlannedChange({ change, edits, kept }: RRsetEdit, locate: Locate): PlannedChange {
  return {
    kind: change.kind,
    ...('before' in change ? { before: change.before } : {}),
    ...('after' in change ? { after: change.after } : {}),
    edits: edits.map(({ slot, from, before, after, adopts }) => ({
      purpose: slot.purpose,
      before,
      after,
      adopts,
      ...(from === undefined ? {} : { where: locate(from) }),
    })),
    kept,
    manifest: edits.length === 0,
  }
}
