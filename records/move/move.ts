/**
 * The stages of a move, in their order; a move that goes back goes through the same ones the other way.
 *
 * - `lower`: short TTLs. `both`: what can be there twice is, and where it is asked in an order, that which is left comes first.
 * - `switch`: that which is moved to comes first. `drain`: the same, until what was sent before has arrived.
 * - `clean`: that which is left is gone. `raise`: the records are just as the spec has them.
 */
export const STAGES = ['lower', 'both', 'switch', 'drain', 'clean', 'raise'] as const

export type Stage = (typeof STAGES)[number]

/**
 * What DNS says: 0 what the old spec says, 3 what the new one does; between them both, at 1 with the old first, at 2 with the new.
 * The stages of either direction are made of these.
 */
export type Level = 0 | 1 | 2 | 3

/** A stage that was begun. All times in seconds since 1970. */
export interface StageEntry {
  readonly stage: Stage
  /** On the way back to the old spec. */
  readonly back: boolean
  readonly entered: number
  /** Since when every server shows it; absent while one does not. */
  readonly visible?: number | undefined
  /** Seconds for which somebody may remember what was in DNS before. */
  readonly remembered: number
}

export interface MovePolicy {
  /** Seconds, of what moves, while it does. */
  readonly ttl: number
  /** Seconds for which that which is left stays, for mail that is still on its way. */
  readonly drain: number
}

/** A move that was begun. */
export interface MoveState {
  readonly policy: MovePolicy
  /** Every stage that was begun; the last one is that which DNS is to show. */
  readonly history: readonly [StageEntry, ...StageEntry[]]
}

export function currentStage({ history }: Pick<MoveState, 'history'>): StageEntry {
  return history.at(-1) ?? history[0]
}

const LEVELS: Readonly<Record<Stage, Level>> = { lower: 0, both: 1, switch: 2, drain: 2, clean: 3, raise: 3 }

export function levelOf({ stage, back }: Pick<StageEntry, 'stage' | 'back'>): Level {
  return (back ? 3 - LEVELS[stage] : LEVELS[stage]) as Level
}
