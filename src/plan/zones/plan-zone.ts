import type { Provider, ServerView } from '../../../providers/provider.js'
import type { ZoneDiff } from '../../../records/diff.js'
import type { RRsetEdit } from '../../../records/edit-rrset.js'
import { MailsyncError } from '../../../records/error.js'
import { isWildcard } from '../../../records/rr/name.js'
import { subjectOf } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { failureOf } from '../../failure.js'
import { aliasesHeld } from '../../hosts/reverse/look-at-reverse.js'
import type { Locate } from '../../problem.js'
import { wrongPlaces, zoneSteps } from '../../steps/zone-steps.js'
import type { PlannedChange, PlannedEdit, PlannedManualStep, ZonePlan } from '../plan.js'
import { compareZone } from './compare-zone.js'
import { readZone } from './read-zone.js'
import type { ZoneFinding, ZoneTask } from './task.js'

/** Reads a zone and compares it with what the spec wants there. A provider's failure is an answer, not an exception. */
export async function planZone(task: ZoneTask, locate: Locate, signal: AbortSignal): Promise<ZoneFinding> {
  const { connected } = task
  const place = { zone: task.zone, provider: connected.name }
  try {
    const byHand = connected.plugin.traits.write === 'by-hand'
    const { zone, views } = await readZone(task, signal)
    if (task.isForAliases)
      return { zone: task.zone, problems: [], targets: new Map(), aliases: aliasesHeld(task.reverseNames, zone) }
    const { diff, after, problems, targets, aliases } = compareZone(task, zone, locate)
    const found = { zone: task.zone, problems, targets, aliases }
    if (problems.some(({ severity }) => severity === 'error'))
      return {
        ...found,
        failure: { ...place, code: 'rejected', message: 'the zone cannot take what the spec asks; see its problems' },
      }
    if (diff.edits.length === 0) return found
    const plan = toZonePlan(diff, task, locate)
    const hasWildcards = !zone.asked && [...zone.rrsets, ...after.rrsets].some(({ name }) => isWildcard(name))
    return {
      plan,
      ...found,
      ...(hasWildcards && { wildcards: zone }),
      ...(byHand && { steps: await handSteps(plan, task, views, signal) }),
    }
  } catch (error) {
    return {
      zone: task.zone,
      failure: { ...place, ...failureOf(error) },
      problems: [],
      targets: new Map(),
      aliases: new Map(),
    }
  }
}

/** The changes as steps for a person, and what was entered wrongly before. */
async function handSteps(
  { zone, provider: name, changes }: ZonePlan,
  { connected: { provider } }: ZoneTask,
  views: readonly ServerView[],
  signal: AbortSignal,
): Promise<PlannedManualStep[]> {
  const made = { zone, provider: name, changes: changes.filter(({ manifest }) => !manifest), views }
  const places = wrongPlaces(made)
  const elsewhere = places.length === 0 ? [] : await provider.read(zone, signal, places).catch(unlessStopped)
  return zoneSteps(made, zoneWith(zone, elsewhere))
}

/** A server may answer all but odd names: then nothing is known of wrong entries, and the steps are what they are. */
function unlessStopped(error: unknown): [] {
  if (error instanceof MailsyncError && error.code !== 'cancelled') return []
  throw error
}

function toZonePlan(diff: ZoneDiff, { zone, connected }: ZoneTask, locate: Locate): ZonePlan {
  const { plugin, memory } = connected
  const written = diff.edits.filter(({ edits }) => !memory || edits.length > 0).map(({ change }) => change)
  return {
    zone,
    provider: connected.name,
    ...(plugin.traits.write === 'by-hand' && { byHand: true }),
    ...(plugin.traits.serves === 'addresses' && { addressOwner: true }),
    ...(memory && { memory: memory.fileOf(zone) }),
    changes: diff.edits.map((edit) => toPlannedChange(edit, connected.provider, locate)),
    writes: Math.max(1, connected.provider.batches?.(zone, written) ?? 1),
    owned: diff.owned.length,
    removed: diff.removed.length,
    claimed: diff.claimed.map(({ rrset: { name, type }, purpose, from }) => ({
      name,
      type,
      purpose,
      where: locate(from),
    })),
    left: diff.left.map(({ name, type, purpose }) => ({ name, type, purpose })),
  }
}

/** Literals, as an object that is put together of others takes twice their memory, and a plan keeps very many. */
function toPlannedChange({ change, edits, kept }: RRsetEdit, provider: Provider, locate: Locate): PlannedChange {
  const byDefault = change.kind === 'update' ? undefined : provider.providerDefault?.(subjectOf(change).name)
  const planned = edits.map((edit) => toPlannedEdit(edit, locate))
  const manifest = edits.length === 0
  if (byDefault !== undefined) return { ...change, edits: planned, kept, manifest, providerDefault: byDefault }
  switch (change.kind) {
    case 'create':
      return { kind: 'create', after: change.after, edits: planned, kept, manifest }
    case 'update':
      return { kind: 'update', before: change.before, after: change.after, edits: planned, kept, manifest }
    case 'delete':
      return { kind: 'delete', before: change.before, edits: planned, kept, manifest }
  }
}

function toPlannedEdit(
  { slot: { purpose }, from, before, after, adopts }: RRsetEdit['edits'][number],
  locate: Locate,
): PlannedEdit {
  return from === undefined
    ? { purpose, before, after, adopts }
    : { purpose, before, after, adopts, where: locate(from) }
}
