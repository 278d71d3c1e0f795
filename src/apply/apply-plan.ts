import type { WriteResult } from '../../providers/provider.js'
import { cancelled } from '../../providers/refusal.js'
import { isManifestName } from '../../records/manifest.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type Connected, holderOf } from '../connect/connect.js'
import { limitByAccount } from '../connect/limit-by-account.js'
import { type Failure, failureOf } from '../failure.js'
import type { Plan, PlannedChange, ZoneFailure, ZonePlan } from '../plan/plan.js'
import type { Watch } from '../watch/watch.js'
import type { AwaitForward } from './await-forward.js'
import type { Journal } from './journal.js'
import { withForward } from './needed-forward.js'
import type { Beyond, Stage } from './order.js'
import type { ApplyResult, ZoneOutcome } from './result.js'
import { type Write, writesOf } from './writes.js'

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
  const limit = limitByAccount(parallel)
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
      const { ready, failure } = await withForward(write, providers, awaitForward)
      if (signal.aborted) zone.fail(failureOf(cancelled()))
      else {
        await writeOne(ready, zone, providers, signal, journal)
        if (failure) zone.fail(failure)
      }
    }
    done += 1
    onProgress?.(done, writes.length)
    if (last.get(write.zone) === write) journal?.end(zone.outcome(write.plan))
  }
  for (const { zone, stage, completes } of all) if (!stages.includes(stage)) progress[zone]?.leave(completes)
  for (const stage of stages) {
    const chosen = new Map<number, Write[]>()
    for (const write of writes)
      if (write.stage === stage) chosen.set(write.zone, [...(chosen.get(write.zone) ?? []), write])
    await Promise.all(
      [...chosen.values()].map((own) =>
        limit(providers.get(own[0]?.plan.provider ?? ''), async () => {
          for (const write of own) await carryOut(write)
        }),
      ),
    )
  }
  const zones = plan.zones.map((zone, index) => (progress[index] as ZoneProgress).outcome(zone))
  for (const { zone, provider, failure } of zones)
    if (failure) watch?.tell({ event: 'failure', zone, provider, ...failure })
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

/** What is known of one zone while it is written. */
class ZoneProgress {
  readonly #applied = new Set<PlannedChange>()
  readonly #uncertain = new Set<PlannedChange>()
  readonly #byHand = new Set<PlannedChange>()
  readonly #later = new Set<PlannedChange>()
  failure: Failure | undefined
  waitsFor: Place | undefined

  constructor(failure?: Failure) {
    this.failure = failure
  }

  fail(failure: Failure): void {
    this.failure ??= failure
  }

  wait({ zone, provider }: Place): void {
    this.waitsFor ??= { zone, provider }
  }

  /** Leaves changes to a later phase. */
  leave(changes: readonly PlannedChange[]): void {
    for (const change of changes) this.#later.add(change)
  }

  /** Nothing more is written here. */
  get isStopped(): boolean {
    return this.failure !== undefined || this.waitsFor !== undefined
  }

  /** A person has something to do here. */
  get isOpen(): boolean {
    return this.#byHand.size > 0
  }

  /** Notes what became of a write: a planned change is done once all that it takes is. */
  add({ completes }: Write, { applied, uncertain = [], byHand = [] }: WriteResult): void {
    const [done, unknown, told] = [applied, uncertain, byHand].map((changes) => new Set(changes.map(keyOfChange)))
    for (const change of completes) {
      if (done?.has(keyOfChange(change))) this.#applied.add(change)
      else if (unknown?.has(keyOfChange(change))) this.#uncertain.add(change)
      else if (told?.has(keyOfChange(change))) this.#byHand.add(change)
    }
  }

  outcome({ zone, provider, changes, memory }: ZonePlan): ZoneOutcome {
    const isRemembered = memory !== undefined && [...this.#applied].some(({ manifest }) => manifest)
    return {
      zone,
      provider,
      applied: changes.filter((change) => this.#applied.has(change)),
      uncertain: changes.filter((change) => this.#uncertain.has(change) && !this.#applied.has(change)),
      ...(this.isOpen && { byHand: changes.filter((change) => this.#byHand.has(change)) }),
      ...(this.#later.size > 0 && { later: changes.filter((change) => this.#later.has(change)) }),
      pending: changes.filter(
        (change) => ![this.#applied, this.#uncertain, this.#byHand, this.#later].some((set) => set.has(change)),
      ),
      ...(this.failure === undefined ? {} : { failure: this.failure }),
      ...(this.waitsFor && { waitsFor: this.waitsFor }),
      ...(isRemembered && { memory }),
    }
  }
}

function keyOfChange(change: Change): string {
  return keyOf(subjectOf(change))
}

async function writeOne(
  write: Write,
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
  { plan: { zone }, changes }: Write,
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
