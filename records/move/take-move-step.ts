import { currentStage, type MoveState, type Stage, type StageEntry } from './move.js'
import type { MoveStep } from './next-move-step.js'

/** A move after a step, taken at `now` (seconds since 1970). Pure; taking it again changes nothing. */
export function takeMoveStep(state: MoveState, step: MoveStep, now: number): MoveState {
  const current = currentStage(state)
  switch (step.kind) {
    case 'see':
      return withCurrent(state, { ...current, visible: current.visible ?? now })
    case 'unsee':
      return withCurrent(state, { ...current, visible: undefined })
    case 'enter':
      return current.stage === step.stage ? state : entered(state, step.stage, current.back, now, step.remembered)
    case 'finish':
      return state
  }
}

/** From where a move goes back: the stage of the way back that has the records which are there, or those right before them. */
const TURNS: Readonly<Record<Stage, Stage>> = {
  lower: 'raise',
  both: 'switch',
  switch: 'switch',
  drain: 'switch',
  clean: 'both',
  raise: 'lower',
}

/**
 * A move that goes back to the old spec from now on, stage by stage as it came. Pure.
 *
 * @param remembered seconds for which somebody may remember what is in DNS now
 */
export function turnBack(state: MoveState, now: number, remembered: number): MoveState {
  const { stage, back } = currentStage(state)
  return back ? state : entered(state, TURNS[stage], true, now, remembered)
}

function entered(state: MoveState, stage: Stage, back: boolean, now: number, remembered: number): MoveState {
  const entry: StageEntry = { stage, back, entered: now, remembered }
  return { ...state, history: [...state.history, entry] }
}

function withCurrent(state: MoveState, entry: StageEntry): MoveState {
  return { ...state, history: [...state.history.slice(0, -1), entry] as unknown as MoveState['history'] }
}
