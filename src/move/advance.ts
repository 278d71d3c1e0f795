import { unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PublicDns } from '../../providers/dns/client/public-dns.js'
import { replaceFile } from '../../providers/files/write-file.js'
import { MailsyncError } from '../../records/error.js'
import { slotKey } from '../../records/families/mail-record.js'
import { currentStage, type MoveState, type Stage, type StageEntry } from '../../records/move/move.js'
import type { MoveStep } from '../../records/move/next-move-step.js'
import { takeMoveStep } from '../../records/move/take-move-step.js'
import { subjectOf } from '../../records/rr/rrset.js'
import { applyPlan } from '../apply/apply-plan.js'
import type { AwaitForward } from '../apply/await-forward.js'
import { isUnsound, type Refusal, refusals } from '../apply/guards.js'
import type { ZoneOutcome } from '../apply/result.js'
import type { Connected } from '../connect/connect.js'
import type { ReverseDns } from '../hosts/reverse/reverse-dns.js'
import type { Io } from '../io.js'
import { makePlan } from '../plan/make-plan.js'
import type { Plan, ZoneFailure } from '../plan/plan.js'
import { closeAll, readSpecFile, type Session } from '../session.js'
import { lookAtMove, type MoveLook } from './look-at-move.js'
import { type MoveFile, writeMove } from './move-file.js'
import { type OpenMove, sessionAt } from './open-stage.js'

export interface AdvanceInput {
  readonly move: OpenMove
  readonly openOptions: Parameters<typeof sessionAt>[2]
  /** Reads the file of the move again. */
  readonly reread: () => Promise<MoveFile | undefined>
  readonly dns: PublicDns
  readonly io: Io
  readonly parallel: number
  readonly adopt: boolean
  readonly force: boolean
  readonly isDelegated: boolean
  readonly arePoliciesServed: boolean
  readonly awaitForward?: AwaitForward | undefined
  /** Asks DNS about reverse names that others set. */
  readonly openReverseDns: () => Promise<ReverseDns>
  /** Shows a plan, and asks whether it is to be carried out. */
  readonly agree: (plan: Plan, entry: Pick<StageEntry, 'stage' | 'back'>) => Promise<boolean>
}

/** What a run did, and where the move is now. */
export interface Advanced {
  readonly state: MoveFile
  /** Undefined where the run ended before servers were asked. */
  readonly look?: MoveLook
  /** The stages that were begun. */
  readonly begun: readonly Stage[]
  readonly zones: readonly ZoneOutcome[]
  readonly manual: Plan['manual']
  readonly refusals: readonly Refusal[]
  readonly failures: readonly ZoneFailure[]
  readonly problems: Plan['problems']
  readonly isFinished: boolean
  /** Somebody said no. */
  readonly isDeclined: boolean
}

/** Each round takes a step; no run has as many in a row. */
const MOST_ROUNDS = 20

/**
 * Makes DNS as the stage of a move wants it, looks, and goes on as far as it may. The file of the move tells of a stage before DNS does,
 * and that it is seen only once every server was asked: a run may be killed anywhere, and the next one goes on from there.
 */
export async function advance(input: AdvanceInput): Promise<Advanced> {
  let { move } = input
  const begun: Stage[] = []
  const zones: ZoneOutcome[] = []
  let agreed = false
  for (let round = 0; ; round++) {
    const session = await sessionAt(move, currentStage(move.state), input.openOptions)
    const providers = await session.connect()
    try {
      const plan = await planOf(session, providers, input)
      const end = (more: Partial<Advanced> = {}): Advanced => ({
        state: move.state,
        begun,
        zones,
        manual: plan.manual,
        refusals: [],
        failures: plan.failures,
        problems: plan.problems,
        isFinished: false,
        isDeclined: false,
        ...more,
      })
      if (isUnsound(plan) || plan.failures.length > 0 || input.io.signal.aborted) return end()
      const refused = refusalsOf(plan, move, input)
      if (refused.length > 0) return end({ refusals: refused })
      if (needsWrite(plan)) {
        if (!agreed && !(await input.agree(plan, currentStage(move.state)))) return end({ isDeclined: true })
        const result = await applyPlan({
          plan,
          providers,
          parallel: input.parallel,
          signal: input.io.signal,
          ...(input.awaitForward && { awaitForward: input.awaitForward }),
        })
        zones.push(...result.zones)
        const failures = result.zones.flatMap(({ zone, provider, failure }) =>
          failure ? [{ zone, provider, ...failure }] : [],
        )
        if (failures.length > 0) return end({ failures })
      }
      agreed = false
      const { dns, io, isDelegated, arePoliciesServed } = input
      const look = await lookAtMove(move, session, {
        dns,
        providers,
        isDelegated,
        arePoliciesServed,
        signal: io.signal,
        now: io.now(),
      })
      const { step } = look.next
      if (step === undefined || round >= MOST_ROUNDS || input.io.signal.aborted) return end({ look })
      if (step.kind === 'finish') {
        await finish(move, input)
        return end({ look, isFinished: true })
      }
      if (step.kind === 'enter') {
        const coming = { stage: step.stage, back: currentStage(move.state).back, entered: io.now() }
        if (!(await isAgreed(move, coming, input))) return end({ look, isDeclined: true })
        begun.push(step.stage)
        agreed = true
      }
      move = { ...move, state: await take(move.state, step, move.file, input) }
      if (step.kind === 'unsee') return end({ look, state: move.state })
    } finally {
      await closeAll(providers)
    }
  }
}

/** Shows what a stage will change before it begins. Where that is nothing, there is nothing to ask. */
async function isAgreed(
  move: OpenMove,
  entry: Pick<StageEntry, 'stage' | 'back' | 'entered'>,
  input: AdvanceInput,
): Promise<boolean> {
  const session = await sessionAt(move, entry, input.openOptions)
  const providers = await session.connect()
  try {
    const plan = await planOf(session, providers, input)
    return plan.failures.length === 0 && !isUnsound(plan) && !needsWrite(plan) ? true : await input.agree(plan, entry)
  } finally {
    await closeAll(providers)
  }
}

async function planOf(
  session: Session,
  providers: ReadonlyMap<string, Connected>,
  { io, parallel, openReverseDns }: Pick<AdvanceInput, 'io' | 'parallel' | 'openReverseDns'>,
): Promise<Plan> {
  const { plan } = await makePlan({
    ...session,
    providers,
    selection: { zones: [], domains: [] },
    today: io.today,
    parallel,
    signal: io.signal,
    openReverseDns,
  })
  return plan
}

/** What a person enters is no write of ours, but that it is remembered is. */
function needsWrite({ zones }: Plan): boolean {
  return zones.some(({ byHand, changes }) => !byHand || changes.some(({ manifest }) => manifest))
}

/** That a move deletes what it leaves is what it is for: the guard is for what else would go. */
function refusalsOf(plan: Plan, { state }: OpenMove, { adopt, force }: AdvanceInput): Refusal[] {
  const moving = new Set([...state.moving.keys()].map((key) => key.split(' ').slice(0, 3).join(' ')))
  const isMoving = (zone: Plan['zones'][number]): boolean =>
    zone.changes.every((change) =>
      change.edits.every(({ purpose, after }) => {
        const { name, type } = subjectOf(change)
        return after.length > 0 || moving.has(slotKey({ name, type, purpose }))
      }),
    )
  return refusals(plan, { adopt, force }).filter(
    ({ guard, zone, provider }) =>
      guard !== 'deletes' || !plan.zones.some((one) => one.zone === zone && one.provider === provider && isMoving(one)),
  )
}

async function take(
  state: MoveFile,
  step: MoveStep,
  file: string,
  { reread, io }: Pick<AdvanceInput, 'reread' | 'io'>,
): Promise<MoveFile> {
  const after: MoveFile = { ...state, ...(takeMoveStep(state, step, io.now()) satisfies MoveState) }
  await writeMove(file, state, after, { read: reread, signal: io.signal })
  return after
}

/** The spec gets the text of the one that it was moved to, and the file of the move goes: killed in between, the next run removes it. */
async function finish({ file, old, state, isOver }: OpenMove, { reread, io }: AdvanceInput): Promise<void> {
  await writeMove(file, state, state, { read: reread, signal: io.signal })
  if (!currentStage(state).back && !isOver) {
    const text = Buffer.from(await readSpecFile(join(dirname(old.file), state.to))).toString('utf8')
    await replaceFile(old.file, text)
  }
  await unlink(file)
}

/** Throws `usage` where nothing is being moved. */
export function assertMove(state: MoveFile | undefined, spec: string): MoveFile {
  if (state) return state
  throw new MailsyncError('usage', `${spec} is not being moved`, {
    hint: 'begin a move with: mailsync move start --to NEW.yaml',
  })
}
