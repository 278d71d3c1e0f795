import { groupBy } from '../../../group.js'
import { type DayEvidence, dayAt, startOf } from './day.js'
import { type RampPolicy, type RampState, STAGES, type Stage, stageOf } from './ramp-policy.js'

/** The days that were judged, together. */
export interface Evidence {
  /** First and last day, days since 1970. */
  readonly first: number
  readonly last: number
  /** Those of them that reports cover. */
  readonly days: number
  readonly messages: number
  readonly failing: number
}

/**
 * What comes next for a domain.
 *
 * - `step`: the evidence is enough. `done`: the goal is reached.
 * - `wait`: `silence`: no report of late. `unpublished`: reports show another policy than that of the stage, so it is not applied
 *   yet, or not seen yet. `days`, `messages`: too few. `failing`: too many fail. `clock`: the state was written later than now.
 */
export type RampNext =
  | { readonly kind: 'done' }
  | { readonly kind: 'step'; readonly to: Exclude<Stage, 'none'>; readonly evidence: Evidence }
  | RampWait

export interface RampWait {
  readonly kind: 'wait'
  readonly reason: 'silence' | 'unpublished' | 'days' | 'messages' | 'failing' | 'clock'
  /** Seconds since 1970, at the earliest; absent where no time tells. */
  readonly until?: number
  readonly evidence?: Evidence
  /** With `unpublished`: what the reports show. */
  readonly shown?: readonly (Stage | undefined)[]
}

export interface RampView {
  readonly policy: RampPolicy
  readonly state: RampState | undefined
  readonly days: readonly DayEvidence[]
  /** Seconds since 1970. */
  readonly now: number
}

/** Seconds by which the clocks of two machines that take steps may differ. */
const CLOCK_SLACK = 300

/** Days by which reports may come late, or be missing, at least. */
const SLACK_DAYS = 7

/**
 * The next step, or why there is none yet. Pure. Evidence are the latest days that are over, that reports cover, and on which
 * the policy of the stage was published. A day without a report proves nothing, and nor does one that was long ago: they are
 * at most twice as many days back as are needed.
 */
export function nextRampStep({ policy, state, days, now }: RampView): RampNext {
  const stage = stageOf(policy, state)
  if (stage === policy.goal) return { kind: 'done' }
  if (state && state.since > now + CLOCK_SLACK) return { kind: 'wait', reason: 'clock', until: state.since }
  const today = dayAt(now)
  const oldest = Math.max(
    today - policy.days - Math.max(policy.days, SLACK_DAYS),
    state === undefined ? 0 : dayAt(state.since) + 1,
  )
  const recent = days.filter(({ day }) => day >= oldest && day < today)
  const fitting = groupBy(
    recent.filter(({ published }) => published === stage),
    ({ day }) => day,
  )
  if (fitting.size === 0) {
    if (recent.length === 0) return { kind: 'wait', reason: 'silence' }
    return { kind: 'wait', reason: 'unpublished', shown: [...new Set(recent.map(({ published }) => published))] }
  }
  const latest = [...fitting.keys()].sort((a, b) => a - b).slice(-policy.days)
  const evidence = together(latest, fitting)
  const wait = (reason: RampWait['reason'], until?: number): RampWait => ({
    kind: 'wait',
    reason,
    evidence,
    ...(until === undefined ? {} : { until }),
  })
  if (latest.length < policy.days) return wait('days', startOf(today + policy.days - latest.length))
  if (evidence.messages < policy.messages) return wait('messages')
  if (evidence.failing * 100 > policy.failing * evidence.messages) return wait('failing')
  return { kind: 'step', to: STAGES[STAGES.indexOf(stage) + 1] as Exclude<Stage, 'none'>, evidence }
}

function together(days: readonly number[], found: ReadonlyMap<number, readonly DayEvidence[]>): Evidence {
  const parts = days.flatMap((day) => found.get(day) ?? [])
  const sum = (of: (part: DayEvidence) => number): number => parts.reduce((total, part) => total + of(part), 0)
  return {
    first: days[0] as number,
    last: days.at(-1) as number,
    days: days.length,
    messages: sum(({ messages }) => messages),
    failing: sum(({ failing }) => failing),
  }
}
