import type { WriteResult } from '../../providers/provider.js'
import { cancelled } from '../../providers/refusal.js'
import { groupBy } from '../../records/group.js'
import { isManifestName } from '../../records/manifest.js'
import { type Change, subjectOf } from '../../records/rr/rrset.js'
import { type Connected, holderOf } from '../connect/connect.js'
import { eachByAccount } from '../connect/limit-by-account.js'
import { type Failure, failureOf } from '../failure.js'
import type { Plan, ZoneFailure, ZonePlan } from '../plan/plan.js'
import type { Watch } from '../watch/watch.js'
import type { AwaitForward } from './await-forward.js'
import type { Journal } from './journal.js'
import { withForward } from './needed-forward.js'
import type { Beyond, Stage } from './order.js'
import type { ApplyResult } from './result.js'
import { type ReadyWrite, readyWrite, type Write, writesOf } from './writes.js'
import { ZoneProgress } from './zone-progress.js'

export interface ApplyInput {
  readonly plan: Plan
  readonly providers: ReadonlyMap<string, Connected>
  /** Zones that want changes which are not in the plan: they count as failed for what leads to them. */
  readonly unreviewed?: readonly ZoneFailure[]
  /** Waits for the addresses of names before a PTR leads to them, where the provider wants it; without it, the provider says itself. */
  readonly awaitForward?: AwaitForward
  /** What zones do that another process writes, and up to which stage this one goes: later ones begin once all processes have finished that. */
  readonly part?: { readonly beyond: Beyond; readonly until: Stage }
  /** How many zones of one account are written at the same time. */
  readonly parallel: number
  /** Once it aborts, no further write begins; those in flight are finished. */
  readonly signal: AbortSignal
  /** Called as writes are finished. */
  readonly onProgress?: (done: number, total: number) => void
  /** Noted in it, right before a zone is written and once nothing more is to be written there. */
  readonly journal?: Pick<Journal, 'begin' | 'end'> | undefined
  /** Told of the zones that fail. */
  readonly watch?: Watch | undefined
}

const STAGES: readonly Stage[] = ['make', 'rely', 'break']

/**
 * Carries out a plan, stage by stage, a few zones at a time. A zone that fails, or could not be read, stops only what mail
 * would lead to in it, and what it may still lead to.
 */
export async function applyPlan({
  plan,
  providers,
  unreviewed = [],
  awaitForward,
  part,
  parallel,
  signal,
  onProgress,
  journal,
  watch,
}: ApplyInput): Promise<Omit<ApplyResult, 'keys'>> {
  const unread = [...plan.failures, ...unreviewed]
  const stages = STAGES.slice(0, part === undefined ? undefined : STAGES.indexOf(part.until) + 1)
  const all = writesOf(plan.zones, unread, plan.owner, isAtomicAt(providers), part?.beyond)
  const writes = all.filter(({ stage }) => stages.includes(stage))
  const places = [...plan.zones, ...unread]
  const progress = [...plan.zones.map(() => new ZoneProgress()), ...unread.map((failure) => new ZoneProgress(failure))]
  let done = 0
  const last = new Map(writes.map((write) => [write.zone, write]))
  const carryOut = async (write: Write): Promise<void> => {
    const zone = progress[write.zone] as ZoneProgress
    const missing = write.needs.find((index) => progress[index]?.failure)
    const open = write.needs.find((index) => isOpen(write, progress[index]))
    if (signal.aborted) zone.fail(failureOf(cancelled()))
    else if (missing !== undefined) zone.fail(heldBack(write, places[missing] as Place))
    else if (open !== undefined) zone.wait(places[open] as Place)
    else if (!zone.isStopped) {
      const { ready, failure } = await withForward(readyWrite(write), providers, awaitForward)
      if (signal.aborted) zone.fail(failureOf(cancelled()))
      else {
        await writeOne(ready, zone, providers, signal, journal)
        if (failure) zone.fail(failure)
      }
    }
    done += 1
    onProgress?.(done, writes.length)
    if (last.get(write.zone) !== write) return
    const outcome = zone.close(write.plan)
    journal?.end(outcome)
  }
  for (const { zone, stage, completes } of all) if (!stages.includes(stage)) progress[zone]?.leave(completes)
  for (const stage of stages) {
    const byZone = groupBy(
      writes.filter((write) => write.stage === stage),
      ({ zone }) => zone,
    )
    await eachByAccount(
      [...byZone.values()],
      ([first]) => providers.get(first?.plan.provider ?? ''),
      parallel,
      async (own) => {
        for (const write of own) await carryOut(write)
      },
    )
  }
  const zones = plan.zones.map((zone, index) => (progress[index] as ZoneProgress).close(zone))
  for (const { zone, provider, failure } of zones)
    if (failure && failure.code !== 'cancelled') watch?.tell({ event: 'failure', zone, provider, ...failure })
  return { zones, cancelled: signal.aborted && zones.some(({ pending }) => pending.length > 0) }
}

/** Whether a write has to wait for a person's. One who does both does them in their order. */
function isOpen({ plan, stage }: Write, other: ZoneProgress | undefined): boolean {
  return other !== undefined && (other.isOpen || other.waitsFor !== undefined) && !(plan.byHand && stage !== 'break')
}

/** Whether the provider of a zone takes some changes at once, all or nothing. */
export function isAtomicAt(providers: ReadonlyMap<string, Connected>) {
  return ({ zone, provider: name }: ZonePlan, changes: readonly Change[]): boolean => {
    const connected = providers.get(name)
    if (connected === undefined) return false
    const { plugin, provider } = holderOf(connected, zone)
    return changes.length <= 1 || (plugin.traits.write === 'atomic' && (provider.batches?.(zone, changes) ?? 1) === 1)
  }
}

async function writeOne(
  write: ReadyWrite,
  zone: ZoneProgress,
  providers: ReadonlyMap<string, Connected>,
  signal: AbortSignal,
  journal: ApplyInput['journal'],
): Promise<void> {
  if (write.changes.length === 0) return
  try {
    journal?.begin(write.plan)
    const { provider, zone: name } = write.plan
    const result = await writeAt(holderOf(providers.get(provider) as Connected, name), write, signal)
    zone.add(write, result)
    if (result.failure) zone.fail(failureOf(result.failure))
  } catch (error) {
    zone.fail(failureOf(error))
  }
}

/** Writes what is remembered beside the spec there, and all else at the provider, in the order of the changes. */
async function writeAt(
  { provider, memory }: Connected,
  { plan: { zone }, changes }: ReadyWrite,
  signal: AbortSignal,
): Promise<WriteResult> {
  if (!memory) return provider.write(zone, changes, signal)
  const isMemory = (change: Change): boolean => isManifestName(zone, subjectOf(change).name)
  const first = changes.findIndex((change) => !isMemory(change))
  const last = changes.findLastIndex((change) => !isMemory(change))
  const [begins, own, ends] =
    first < 0 ? [changes, [], []] : [changes.slice(0, first), changes.slice(first, last + 1), changes.slice(last + 1)]
  const begun = await memory.write(zone, begins, signal)
  if (begun.failure || own.length === 0) return begun
  const written = await provider.write(zone, own, signal)
  const applied = [...begun.applied, ...written.applied]
  if (written.failure) return { ...written, applied }
  const ended = await memory.write(zone, ends, signal)
  return { ...written, ...ended, applied: [...applied, ...ended.applied] }
}

type Place = (Pick<ZonePlan, 'provider'> & { readonly zone: string }) | ZoneFailure

function heldBack({ stage }: Write, place: Place): Failure {
  const { zone, provider } = place
  const why =
    stage === 'break' ? 'mail there may still lead to what would go here' : 'mail here leads to what stands there'
  if ('code' in place && place.code === 'other-shard')
    return {
      code: 'held-back',
      message: `not begun, because ${why}, ${zone} at ${provider}, and ${place.message}`,
      ...(place.hint !== undefined && { hint: place.hint }),
    }
  return {
    code: 'held-back',
    message: `not begun, because ${zone} at ${provider} failed, and ${why}`,
    hint: 'repair that first, then run apply again',
  }
}
