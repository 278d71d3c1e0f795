import pLimit from 'p-limit'
import { cancelled } from '../../providers/refusal.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import type { Connected } from '../connect/connect.js'
import { type Failure, failureOf } from '../failure.js'
import { type Plan, type PlannedChange, plannedSubject, type ZonePlan } from '../plan/plan.js'
import { orderSteps, type Step } from './order.js'
import type { ApplyResult, ZoneOutcome } from './result.js'

export interface ApplyInput {
  readonly plan: Plan
  readonly providers: ReadonlyMap<string, Connected>
  /** How many zones are written at the same time. */
  readonly parallel: number
  /** Once it aborts, no further write begins; those in flight are finished. */
  readonly signal: AbortSignal
  /** Called as writes are finished. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Carries out a plan, stage by stage, a few zones at a time. A zone that fails, or could not be read, stops only what mail
 * would lead to in it, and what it may still lead to.
 */
export async function applyPlan({
  plan,
  providers,
  parallel,
  signal,
  onProgress,
}: ApplyInput): Promise<Omit<ApplyResult, 'keys'>> {
  const steps = orderSteps(plan.zones, plan.failures)
  const places = [...plan.zones, ...plan.failures]
  const progress = [
    ...plan.zones.map(() => new ZoneProgress()),
    ...plan.failures.map((failure) => new ZoneProgress(failure)),
  ]
  const limit = pLimit(parallel)
  let done = 0
  for (const stage of ['make', 'rely', 'break'] as const) {
    const chosen = steps.filter((step) => step.stage === stage)
    await Promise.all(
      chosen.map((step) =>
        limit(async () => {
          const zone = progress[step.zone] as ZoneProgress
          const missing = step.needs.find((index) => progress[index]?.failure)
          if (signal.aborted) zone.fail(failureOf(cancelled()))
          else if (missing !== undefined) zone.fail(heldBack(step, places[missing] as Place))
          else if (!zone.failure) await writeStep(step, zone, providers, signal)
          done += 1
          onProgress?.(done, steps.length)
        }),
      ),
    )
  }
  const zones = plan.zones.map((zone, index) => (progress[index] as ZoneProgress).outcome(zone))
  return { zones, cancelled: signal.aborted && zones.some(({ pending }) => pending.length > 0) }
}

/** What is known of one zone while it is written. */
class ZoneProgress {
  readonly #applied = new Set<string>()
  readonly #uncertain = new Set<string>()
  failure: Failure | undefined

  constructor(failure?: Failure) {
    this.failure = failure
  }

  fail(failure: Failure): void {
    this.failure ??= failure
  }

  add(applied: readonly Change[], uncertain: readonly Change[]): void {
    for (const change of applied) this.#applied.add(keyOf(subjectOf(change)))
    for (const change of uncertain) this.#uncertain.add(keyOf(subjectOf(change)))
  }

  outcome({ zone, provider, changes }: ZonePlan): ZoneOutcome {
    const key = (change: PlannedChange): string => keyOf(plannedSubject(change))
    return {
      zone,
      provider,
      applied: changes.filter((change) => this.#applied.has(key(change))),
      uncertain: changes.filter((change) => this.#uncertain.has(key(change)) && !this.#applied.has(key(change))),
      pending: changes.filter((change) => !this.#applied.has(key(change)) && !this.#uncertain.has(key(change))),
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    }
  }
}

async function writeStep(
  { plan, changes }: Step,
  zone: ZoneProgress,
  providers: ReadonlyMap<string, Connected>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { provider } = providers.get(plan.provider) as Connected
    const result = await provider.write(plan.zone as Name, changes.map(toChange), signal)
    zone.add(result.applied, result.uncertain ?? [])
    if (result.failure) zone.fail(failureOf(result.failure))
  } catch (error) {
    zone.fail(failureOf(error))
  }
}

function toChange({ kind, before, after, edits }: PlannedChange): Change {
  const where = edits.find((edit) => edit.where)?.where
  return {
    kind,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(where ? { origin: `${where.file}:${where.line}` } : {}),
  } as Change
}

type Place = Pick<ZonePlan, 'zone' | 'provider'>

function heldBack({ stage }: Step, { zone, provider }: Place): Failure {
  const why =
    stage === 'break' ? 'mail there may still lead to what would go here' : 'mail here leads to what stands there'
  return {
    code: 'held-back',
    message: `not begun, because ${zone} at ${provider} failed, and ${why}`,
    hint: 'mend that first, then run apply again',
  }
}
