import { basename, dirname, join, resolve } from 'node:path'
import type { Compiled, Targets } from '../../records/compile.js'
import { MailsyncError } from '../../records/error.js'
import { keyId } from '../../records/families/dkim/dkim-key.js'
import type { Finding, SpecPath } from '../../records/finding.js'
import { blendSpecs } from '../../records/move/blend/blend-spec.js'
import { type CompiledMove, compileMove } from '../../records/move/compile-move.js'
import { changedSince } from '../../records/move/digest.js'
import { currentStage, levelOf, type StageEntry } from '../../records/move/move.js'
import type { Name } from '../../records/rr/name.js'
import { prepareProviders } from '../connect/connect.js'
import { connections } from '../connect/connections.js'
import { shownInstant } from '../instant.js'
import type { Locate, Problem } from '../problem.js'
import type { OpenOptions, openSpec, Session } from '../session.js'
import { UNDER_WAY } from './is-moving.js'
import type { MoveFile } from './move-file.js'
import { stageWords } from './words.js'

interface Opening {
  readonly options: OpenOptions
  /** The file of the move. */
  readonly file: string
  readonly state: MoveFile
  readonly openSpec: typeof openSpec
  readonly read: (path: string) => Promise<Uint8Array>
}

/** A move with both of its specs. */
export interface OpenMove {
  readonly file: string
  readonly state: MoveFile
  readonly old: Session
  readonly goal: Session
  readonly compiled: CompiledMove
  /** The spec has the text of the one that it moves to already: only the file of the move is left. */
  readonly isOver: boolean
}

/** The session of a spec that moves: what the stage of the move means. Throws `guard` for the spec that is moved to. */
export async function openStage(opening: Opening): Promise<Session> {
  const { options, state } = opening
  const own = basename(options.file)
  if (own === state.to && options.online)
    throw new MailsyncError('guard', `${state.spec} is being moved to ${state.to}, step by step`, {
      where: { file: opening.file },
      hint: `name the spec that is moved from: --config ${join(dirname(options.file), state.spec)}; \`mailsync move status\` says where the move is`,
    })
  if (own !== state.spec) return opening.openSpec(options)
  const move = await openMove(opening)
  return move.isOver ? move.goal : sessionAt(move, currentStage(state), options)
}

/** Opens both specs of a move. Throws `guard` where they say something else of what moves than when it began. */
export async function openMove({ options, file, state, openSpec, read }: Opening): Promise<OpenMove> {
  const to = join(dirname(options.file), state.to)
  const { stage, back, visible } = currentStage(state)
  const isLast = stage === 'raise' && !back && visible !== undefined
  const isOver = isLast && (await isSameFile(read, options.file, to))
  const old = await openSpec(options)
  const goal = isOver ? old : await openSpec({ ...options, file: to })
  const compiled = compiledMove(old, goal)
  const changed = isOver ? [] : changedSince(state.moving, compiled.moving)
  if (changed.length > 0)
    throw new MailsyncError(
      'guard',
      `${state.spec} or ${state.to} was changed since the move began, in what moves: ${listed(changed)}`,
      {
        where: { file },
        hint: 'restore both from git, and change that after the move; or restore them and take the move back with `mailsync move abort`. What does not move may be changed, in both alike',
      },
    )
  return { file, state, old, goal, compiled, isOver }
}

const SHOWN = 5

function listed(slots: readonly string[]): string {
  const more = slots.length - SHOWN
  return more > 0 ? `${slots.slice(0, SHOWN).join(', ')} and ${more} more` : slots.join(', ')
}

/** A file that is missing is told where it is opened as a spec. */
async function isSameFile(read: Opening['read'], a: string, b: string): Promise<boolean> {
  try {
    const [one, other] = await Promise.all([a, b].map((path) => read(resolve(path))))
    return Buffer.from(one as Uint8Array).equals(Buffer.from(other as Uint8Array))
  } catch {
    return false
  }
}

/** Both specs, compiled for the zones that either declares. */
export function compiledMove(old: Session, goal: Session): CompiledMove {
  return compileMove(
    { old: old.spec, goal: goal.spec },
    { keys: keysOf(old, goal), zones: declaredZones(old, goal), mayServeMore: old.spec.otherZones !== undefined },
  )
}

/** The keys of both specs, from the one folder that they share. */
function keysOf({ keys }: Session, goal: Session): Session['keys'] {
  return [...new Map([...goal.keys, ...keys].map((key) => [`${key.domain} ${keyId(key)}`, key])).values()]
}

function declaredZones(...sessions: readonly Session[]): Targets {
  return new Map(sessions.flatMap(({ spec }) => [...spec.zones].map(([zone, { targets }]) => [zone, targets] as const)))
}

/** The session of a stage: an ordinary one, which `plan` and `apply` know nothing about. */
export async function sessionAt(
  { file, state, old, goal }: Omit<OpenMove, 'compiled' | 'isOver'>,
  entry: Pick<StageEntry, 'stage' | 'back' | 'entered'>,
  { env, online, onSecret, within, watch }: OpenOptions,
): Promise<Session> {
  const note = noteOf(file, state, entry)
  const level = levelOf(entry)
  const base = level < 2 ? old : goal
  if (entry.stage === 'raise') return { ...base, file: old.file, problems: [...base.problems, note] }
  const spec = blendSpecs(old.spec, goal.spec, level)
  const sides = new Map<SpecPath, Session>()
  const remember = (side: Session, { input, manual, findings }: Compiled): void => {
    for (const { from } of [...input.records, ...manual, ...findings] as readonly Pick<Finding, 'from'>[])
      sides.set(from, side)
  }
  const compile: Session['compile'] = (own, zones, mayServeMore = false, aliases = new Map()) => {
    const move = compileMove({ old: old.spec, goal: goal.spec }, { keys: own, zones, mayServeMore, aliases })
    remember(old, move.old)
    remember(goal, move.goal)
    return move.at(level, state.policy.ttl)
  }
  const locate: Locate = (path, at) => (sides.get(path) ?? base).locate(path, at)
  const declared = new Map([...spec.zones].map(([zone, { targets }]): [Name, readonly string[]] => [zone, targets]))
  const keys = keysOf(old, goal)
  const compiled = compile(keys, declared, spec.otherZones !== undefined)
  const { prepared } = online
    ? await prepareProviders(spec, {
        directory: dirname(resolve(old.file)),
        env,
        locate,
        watch,
        ...(onSecret && { onSecret }),
        ...(within !== undefined && { within }),
      })
    : { prepared: [] }
  const problems = [...old.problems, ...goal.problems, note]
  // A policy has to be in place before DNS tells of it: what the next stage tells of is written already.
  const ahead = entry.stage === 'lower' ? blendSpecs(old.spec, goal.spec, level === 0 ? 1 : 2).domains : undefined
  return {
    ...old,
    spec,
    keys,
    compiled,
    compile,
    locate,
    problems,
    ...(ahead && { policyDomains: ahead }),
    ...connections(prepared),
  }
}

function noteOf(file: string, { spec, to }: MoveFile, entry: Pick<StageEntry, 'stage' | 'back' | 'entered'>): Problem {
  const way = entry.back ? `${spec} was to be moved to ${to}, and goes back` : `${spec} is being moved to ${to}`
  return {
    rule: UNDER_WAY,
    severity: 'note',
    message: `${way}: this is the stage ${entry.stage} (${stageWords(entry)}), since ${shownInstant(entry.entered)}`,
    hint: '`mailsync move status` says what comes next and when',
    where: { file, line: 1, column: 1 },
  }
}
