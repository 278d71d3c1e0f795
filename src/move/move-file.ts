import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { unlessAbsent } from '../../providers/files/file-error.js'
import { withLock } from '../../providers/files/lock.js'
import { removeDrafts, replaceFile } from '../../providers/files/write-file.js'
import { MailsyncError } from '../../records/error.js'
import { type MoveState, STAGES, type StageEntry } from '../../records/move/move.js'
import { instantText } from '../instant.js'

/** Beside the spec, and to be committed with it. */
const MOVE_FILE = 'move.json'

/** A move between two specs of one folder, as its file has it. */
export interface MoveFile extends MoveState {
  /** File names without a folder. */
  readonly spec: string
  readonly to: string
  /** Each slot that moves, with a digest of what both specs say of it. */
  readonly moving: ReadonlyMap<string, string>
}

const instant = z.iso.datetime({ precision: 0 }).transform((text) => Date.parse(text) / 1000)
const seconds = z.int().min(0)
const fileName = z.string().regex(/^[^/\\]+$/, 'is no name of a file in this folder')
const schema = z.strictObject({
  format: z.literal('mailsync-move'),
  version: z.literal(1, 'is not 1, the version this mailsync knows'),
  spec: fileName,
  to: fileName,
  policy: z.strictObject({ ttl: seconds, drain: seconds }),
  history: z
    .array(
      z.strictObject({
        stage: z.enum(STAGES),
        back: z.boolean().default(false),
        entered: instant,
        visible: instant.optional(),
        remembered: seconds,
      }),
    )
    .min(1),
  moving: z.record(z.string(), z.string()),
})

const HINT = 'restore it from git; only `mailsync move` changes it'

/** The path of the file of a move, beside a spec. */
export function moveFileOf(spec: string): string {
  return join(dirname(spec), MOVE_FILE)
}

/** Reads the text of such a file. Throws `io` where it is none, be it half-written or edited to what no move can have gone through. */
function parseMove(text: string, file: string): MoveFile {
  const refuse = (what: string): MailsyncError =>
    new MailsyncError('io', `${file} is malformed: ${what}`, { where: { file }, hint: HINT })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw refuse('it is not JSON')
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success)
    throw refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'} ${message}`).join('; '))
  const { format: _, version: __, moving, history, ...rest } = parsed.data
  const wrong = historyFault(history)
  if (wrong !== undefined) throw refuse(wrong)
  if (rest.spec === rest.to) throw refuse('spec and to are one file')
  return { ...rest, history: history as unknown as MoveState['history'], moving: new Map(Object.entries(moving)) }
}

/** Every stage but the first follows from the one before it, or turns back from it; times only grow. */
function historyFault(history: readonly StageEntry[]): string | undefined {
  for (const [index, entry] of history.entries()) {
    const before = history[index - 1]
    const at = `history.${index}`
    if (entry.visible !== undefined && entry.visible < entry.entered) return `${at} was visible before it was entered`
    if (before === undefined) {
      if (entry.stage !== 'lower' || entry.back) return `${at} is not the stage lower, which every move begins with`
      continue
    }
    if (entry.entered < before.entered) return `${at} was entered before the one in front of it`
    if (before.back && !entry.back) return `${at} goes on, and the move was going back`
    const isNext = STAGES.indexOf(entry.stage) === STAGES.indexOf(before.stage) + 1
    if (before.back === entry.back && !isNext) return `${at} does not follow from ${before.stage}`
    if (before.back === entry.back && before.visible === undefined)
      return `${at} was entered before ${before.stage} was visible`
  }
  return undefined
}

/** The same move always gives the same octets. */
function moveText({ spec, to, policy, history, moving }: MoveFile): string {
  const document = {
    format: 'mailsync-move',
    version: 1,
    spec,
    to,
    policy: { ttl: policy.ttl, drain: policy.drain },
    history: history.map(({ stage, back, entered, visible, remembered }) => ({
      stage,
      ...(back && { back }),
      entered: instantText(entered),
      ...(visible !== undefined && { visible: instantText(visible) }),
      remembered,
    })),
    moving: Object.fromEntries([...moving].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/**
 * Changes the file of a move, all at once and under its lock.
 *
 * @param before as it was read; undefined where there was none. Throws `stale` where it is another now.
 */
export async function writeMove(
  file: string,
  before: MoveFile | undefined,
  after: MoveFile,
  { read, signal }: { readonly read: () => Promise<MoveFile | undefined>; readonly signal: AbortSignal },
): Promise<void> {
  await withLock(`${file}.lock`, { signal }, async ({ leftovers }) => {
    removeDrafts(dirname(file), leftovers, (name) => name === basename(file))
    const now = await read()
    if ((now && moveText(now)) !== (before && moveText(before)))
      throw new MailsyncError('stale', `${file} was changed while this run was at work`, {
        where: { file },
        hint: 'another run of `mailsync move` took a step; run it again',
      })
    if (before === undefined || moveText(after) !== moveText(before)) await replaceFile(file, moveText(after), 0o644)
  })
}

/** Reads the file of a move; undefined where there is none. */
export async function readMove(
  file: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<MoveFile | undefined> {
  let text: string
  try {
    text = Buffer.from(await readFile(file)).toString('utf8')
  } catch (error) {
    // Below a file there is none either; the spec that is named there is what cannot be read.
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? undefined : unlessAbsent(error)
  }
  return parseMove(text, file)
}
