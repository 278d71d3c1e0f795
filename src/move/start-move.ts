import { basename, dirname, resolve } from 'node:path'
import { MailsyncError } from '../../records/error.js'
import { checkMove, movedZones } from '../../records/move/check-move.js'
import { digestsOf } from '../../records/move/digest.js'
import type { MovePolicy } from '../../records/move/move.js'
import { hasErrors, inTextOrder, type Problem, SpecErrors, toProblem } from '../problem.js'
import { type OpenOptions, openSpec, specReader } from '../session.js'
import { type MoveFile, moveFileOf, readMove, writeMove } from './move-file.js'
import { compiledMove, type OpenMove } from './open-stage.js'

/** Begins a move between two specs of one folder, in its file alone; DNS is left as it is. Throws {@link SpecErrors} with all that keeps it from being safe. */
export async function startMove(
  options: OpenOptions,
  {
    to,
    policy,
    now,
    signal,
  }: {
    /** Path of the spec that is moved to. */
    readonly to: string
    readonly policy: MovePolicy
    readonly now: number
    readonly signal: AbortSignal
  },
): Promise<{ readonly move: OpenMove; readonly problems: readonly Problem[] }> {
  const file = moveFileOf(options.file)
  const read = () => readMove(file, specReader(options.within))
  assertPlaces(options.file, to)
  const under = await read()
  if (under)
    throw new MailsyncError('guard', `${under.spec} is being moved to ${under.to} already`, {
      where: { file },
      hint: 'end that move first: `mailsync move next` goes on with it, `mailsync move abort` takes it back',
    })
  const old = await openSpec(options)
  const goal = await openSpec({ ...options, file: to })
  const compiled = compiledMove(old, goal)
  const specs = { old: old.spec, goal: goal.spec }
  const problems = inTextOrder(
    checkMove(specs, compiled).map(({ side, ...finding }) => toProblem(finding, (side === 'old' ? old : goal).locate)),
  )
  if (hasErrors(problems)) throw new SpecErrors(problems)
  if (compiled.moving.length === 0 && movedZones(specs).length === 0)
    throw new MailsyncError(
      'usage',
      `nothing moves from ${options.file} to ${to}: they mean the same records at the same providers`,
      {
        hint: 'write into the second one what is to be different; TTLs alone are no move, `mailsync apply` changes them',
      },
    )
  const remembered = Math.max(0, ...compiled.moving.map(({ old: record }) => record?.rrset.ttl ?? 0))
  const state: MoveFile = {
    spec: basename(options.file),
    to: basename(to),
    policy,
    history: [{ stage: 'lower', back: false, entered: Math.floor(now), remembered }],
    moving: digestsOf(compiled.moving),
  }
  await writeMove(file, undefined, state, { read, signal })
  return { move: { file, state, old, goal, compiled, isOver: false }, problems }
}

/** Keys, and what is remembered of zones, are beside the spec: both specs have to be in one folder. */
function assertPlaces(spec: string, to: string): void {
  if (dirname(resolve(spec)) !== dirname(resolve(to)))
    throw new MailsyncError('usage', `${to} is in another folder than ${spec}`, {
      hint: 'put it beside: both use the same keys, and the same files with what mailsync owns',
    })
  if (resolve(spec) === resolve(to))
    throw new MailsyncError('usage', `${to} is the spec that is moved from`, {
      hint: 'copy it, write into the copy what is to be different, and name that with --to',
    })
}
