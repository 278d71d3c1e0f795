import type { PublicDns } from '../../providers/dns/client/public-dns.js'
import { currentStage, type StageEntry } from '../../records/move/move.js'
import { type NextMoveStep, nextMoveStep } from '../../records/move/next-move-step.js'
import { movedPolicies, policyAge } from '../../records/move/policy-age.js'
import type { Connected } from '../connect/connect.js'
import type { Session } from '../session.js'
import { type Delegation, delegationsOf } from './delegations.js'
import type { OpenMove } from './open-stage.js'
import { type StageSight, watchStage } from './watch-stage.js'

/** Where a move is, what servers show of that, and how it goes on. */
export interface MoveLook extends StageSight {
  readonly entry: StageEntry
  readonly delegations: readonly Delegation[]
  /** Domains whose MTA-STS policies have to be in place before the next stage, as nobody has said that they are. */
  readonly unservedPolicies: readonly string[]
  readonly next: NextMoveStep
}

export async function lookAtMove(
  move: OpenMove,
  session: Session,
  context: {
    readonly dns: PublicDns
    readonly providers: ReadonlyMap<string, Connected>
    readonly signal: AbortSignal
    readonly isDelegated?: boolean
    /** Somebody says that the policies of the next stage are in place. */
    readonly arePoliciesServed?: boolean
    /** Seconds since 1970. */
    readonly now: number
  },
): Promise<MoveLook> {
  const { state, compiled } = move
  const entry = currentStage(state)
  const seen = await watchStage(move, session, context)
  const delegations =
    entry.stage === 'switch'
      ? await delegationsOf(move, { ...context, back: entry.back, isSaid: context.isDelegated ?? false })
      : []
  const [left, goal] = entry.back ? [compiled.goal, compiled.old] : [compiled.old, compiled.goal]
  const isLower = entry.stage === 'lower' && context.arePoliciesServed !== true
  const unservedPolicies = isLower ? movedPolicies(left.input, goal.input) : []
  const next = nextMoveStep({
    state,
    now: context.now,
    sight: seen.sight,
    negativeTtl: seen.negativeTtl,
    policyAge: policyAge(left.input, goal.input),
    delegations,
    unservedPolicies,
  })
  return { ...seen, entry, delegations, unservedPolicies, next }
}
