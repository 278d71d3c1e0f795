/** A DMARC policy, as a step on the way to a strict one. `t=y` is none: it is the step before in other words (RFC 9989 §4.7). */
export type Stage = 'none' | 'quarantine' | 'reject'

/** How a policy becomes strict: on what evidence each step is taken. */
export interface RampPolicy {
  /** The policy in the end. */
  readonly goal: Exclude<Stage, 'none'>
  /** The policy at the beginning. */
  readonly from: Exclude<Stage, 'reject'>
  /** Days of reports that a step needs. */
  readonly days: number
  /** Percent of the messages that may fail. */
  readonly failing: number
  /** Messages in those days that are enough to judge. */
  readonly messages: number
}

export const USUAL_RAMP = { from: 'none', days: 14, failing: 1, messages: 100 } as const

/** In their order. */
export const STAGES: readonly Stage[] = ['none', 'quarantine', 'reject']

/** Where a domain is. */
export interface RampState {
  readonly stage: Stage
  /** Seconds since 1970. */
  readonly since: number
}

/** The stage before another; none before the first. */
export function stageBefore(stage: Stage): Stage | undefined {
  return STAGES[STAGES.indexOf(stage) - 1]
}

/** The policy to publish: that of the state, or the first one; never beyond the goal. */
export function stageOf({ goal, from }: Pick<RampPolicy, 'goal' | 'from'>, state: RampState | undefined): Stage {
  const at = STAGES.indexOf(state?.stage ?? from)
  return STAGES[Math.min(at, STAGES.indexOf(goal))] as Stage
}
