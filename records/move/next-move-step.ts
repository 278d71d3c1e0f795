import { isEverywhere, type KeySight, laterThan } from '../families/key-sight.js'
import { currentStage, levelOf, type MoveState, STAGES, type Stage, type StageEntry } from './move.js'

/** All that decides how a move goes on. */
export interface MoveView {
  readonly state: MoveState
  /** Seconds since 1970. */
  readonly now: number
  /** What servers show of what moves, all of it; `ttl`: the longest that somebody may remember of it. */
  readonly sight: KeySight
  /** Seconds for which a name that was asked for and was not there may be remembered so. */
  readonly negativeTtl: number
  /** Seconds for which senders keep a policy that does not allow the MX that is moved to (MTA-STS); 0: there is none. */
  readonly policyAge: number
  /** Domains whose MTA-STS policies have to list the MX of both before the stage `both`, and that nobody has said it of. */
  readonly unservedPolicies: readonly string[]
  /** Zones that another provider is to answer for, and whether it does. */
  readonly delegations: readonly { readonly zone: string; readonly isDone: boolean; readonly ttl: number }[]
}

/**
 * `see`, `unsee`: every server shows the stage from now on, or no longer. `enter`: the next stage begins. `finish`: the move is over,
 * and the spec that it leads to is the only one.
 */
export type MoveStep =
  | { readonly kind: 'see' | 'unsee' | 'finish' }
  | { readonly kind: 'enter'; readonly stage: Stage; readonly remembered: number }

/**
 * Why a move does not go on yet.
 *
 * - `servers`: not every server shows the stage. `delegation`: the zones are not delegated to the other provider.
 * - `ttl`: until then somebody may remember what was there before; `drain`: mail is on its way; `policy`: a sender may keep a policy of before.
 * - `files`: a policy of MTA-STS has to be in place before DNS tells of it. `clock`: something was done later than it is now.
 */
export interface MoveWait {
  readonly reason: 'servers' | 'delegation' | 'ttl' | 'drain' | 'policy' | 'files' | 'clock'
  /** Seconds since 1970; absent where no time tells. */
  readonly until?: number
}

export interface NextMoveStep {
  readonly step?: MoveStep
  readonly wait?: MoveWait
}

/** What a move is to do now, or what it waits for. Pure. Taking the step and asking again gives what follows from it. */
export function nextMoveStep(view: MoveView): NextMoveStep {
  const { state, now, sight, delegations } = view
  const times = state.history.flatMap(({ entered, visible }) => [entered, visible])
  const later = laterThan(now, times)
  if (later !== undefined) return { wait: { reason: 'clock', until: later } }
  const current = currentStage(state)
  const isShown = isEverywhere(sight) || (sight.servers.length === 0 && sight.missing.length === 0)
  if (!isShown) return lost(current, 'servers')
  if (current.stage === 'switch' && delegations.some(({ isDone }) => !isDone)) return lost(current, 'delegation')
  if (current.visible === undefined) return { step: { kind: 'see' } }
  if (current.stage === 'raise') return { step: { kind: 'finish' } }
  const [longest] = untils(view, current, current.visible).sort((a, b) => b.until - a.until)
  if (longest !== undefined && now < longest.until) return { wait: longest }
  const stage = STAGES[STAGES.indexOf(current.stage) + 1] as Stage
  if (stage === 'both' && view.unservedPolicies.length > 0) return { wait: { reason: 'files' } }
  const remembered = Math.max(sight.ttl, stage === 'both' ? view.negativeTtl : 0)
  return { step: { kind: 'enter', stage, remembered } }
}

function lost({ visible }: StageEntry, reason: 'servers' | 'delegation'): NextMoveStep {
  return { ...(visible !== undefined && { step: { kind: 'unsee' } }), wait: { reason } }
}

type Until = Required<MoveWait>

function untils({ state, policyAge, delegations }: MoveView, current: StageEntry, visible: number): Until[] {
  if (current.stage === 'drain') {
    const since = bothSince(state) ?? visible
    return [
      { reason: 'drain', until: current.entered + state.policy.drain },
      { reason: 'policy', until: policyAge === 0 ? 0 : since + policyAge },
    ]
  }
  const delegated = current.stage === 'switch' ? delegations.map(({ ttl }) => ttl) : []
  return [{ reason: 'ttl', until: visible + Math.max(current.remembered, ...delegated) }]
}

/** Since when all that is moved to and from is in DNS beside one another, without a break. */
function bothSince({ history }: MoveState): number | undefined {
  const first = history.findLastIndex((entry) => ![1, 2].includes(levelOf(entry))) + 1
  return history.slice(first).find(({ visible }) => visible !== undefined)?.visible
}
