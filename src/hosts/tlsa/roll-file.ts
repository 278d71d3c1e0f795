import { dirname, join } from 'node:path'
import * as z from 'zod'
import { fileError } from '../../../providers/files/file-error.js'
import { withLock } from '../../../providers/files/lock.js'
import { FILE_LIMITS, readIfThere } from '../../../providers/files/read-file.js'
import { makeFolder, removeDrafts, replaceFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import { readTlsa } from '../../../records/families/tlsa/read-tlsa.js'
import type { RollKey } from '../../../records/families/tlsa/roll/roll-key.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import { instantText } from '../../instant.js'

const STATES = ['published', 'serving', 'retiring'] as const

/** What makes a malformed file right again. */
export const ROLL_FILE_HINT = 'restore it from git; it is written by `mailsync tlsa roll` alone'

const instant = z.iso.datetime({ precision: 0 }).transform((text) => Date.parse(text) / 1000)
const key = z
  .strictObject({
    association: z.string().refine((text) => readTlsa(text).faults.length === 0, 'is no TLSA record'),
    certificate: z.string().min(1),
    state: z.enum(STATES),
    times: z.strictObject({
      published: instant,
      visible: instant.optional(),
      serving: instant.optional(),
      retiring: instant.optional(),
    }),
  })
  .refine(({ state, times }) => times[state] !== undefined, 'has no time of its state')
const schema = z.strictObject({ version: z.literal(1, 'only 1 is known here'), keys: z.array(key) })

/** Where the keys of a host's certificates are remembered, beside the spec. @param spec its path */
export function rollFile(spec: string, host: Name): string {
  return join(dirname(spec), 'tlsa', `${withoutDot(host)}.json`)
}

/** Reads the text of such a file; every fault in it is named in `error`. */
export function parseRollFile(text: string): { readonly keys: readonly RollKey[] } | { readonly error: string } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { error: 'is not JSON' }
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success)
    return { error: parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ') }
  const { keys } = parsed.data
  const twice = keys.find((one, index) => keys.findIndex((other) => other.association === one.association) < index)
  return twice ? { error: `${twice.association} is there twice` } : { keys }
}

/** The same keys always give the same octets. */
function formatRollFile(keys: readonly RollKey[]): string {
  const sorted = keys
    .toSorted((a, b) => a.times.published - b.times.published || (a.association < b.association ? -1 : 1))
    .map(({ association, certificate, state, times }) => ({
      association,
      certificate,
      state,
      times: Object.fromEntries(
        (['published', 'visible', 'serving', 'retiring'] as const).flatMap((name) => {
          const at = times[name]
          return at === undefined ? [] : [[name, instantText(at)]]
        }),
      ),
    }))
  return `${JSON.stringify({ version: 1, keys: sorted }, null, 2)}\n`
}

/**
 * Changes the keys that are remembered of a host, all at once and under the lock of the file. Where `change` throws, the file stays as
 * it was. Throws `stale` where it no longer says `before`, and `io` where it is malformed.
 */
export async function changeRollFile(
  file: string,
  before: readonly RollKey[],
  signal: AbortSignal,
  change: () => Promise<readonly RollKey[]>,
): Promise<void> {
  const folder = dirname(file)
  makeFolder(folder)
  await withLock(join(folder, '.lock'), { signal }, async ({ leftovers }) => {
    removeDrafts(folder, leftovers, (name) => name.endsWith('.json'))
    const known = formatRollFile(before)
    if (formatRollFile(readRollFile(file)) !== known)
      throw new MailsyncError('stale', `${file} was changed while servers were asked about its keys`, {
        where: { file },
        hint: 'run it again',
      })
    const text = formatRollFile(await change())
    if (text !== known) await replaceFile(file, text, 0o644)
  })
}

/** Milliseconds that a run waits for another one, which may wait for servers that read their certificates again. */
const PATIENCE = 300_000

/**
 * Does `work` while no other run rolls keys beside this spec: one that had read what is remembered before the other changed it would take
 * the new key out of DNS again.
 */
export async function alone<Result>(spec: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const folder = join(dirname(spec), 'tlsa')
  try {
    makeFolder(folder)
  } catch (error) {
    throw fileError(error, folder)
  }
  return withLock(join(folder, '.roll-lock'), { signal, patience: PATIENCE }, work)
}

function readRollFile(file: string): readonly RollKey[] {
  const parsed = parseRollFile(readIfThere(file, FILE_LIMITS.keyIndex)?.toString() ?? formatRollFile([]))
  if ('error' in parsed)
    throw new MailsyncError('io', `${file} is malformed: ${parsed.error}`, { where: { file }, hint: ROLL_FILE_HINT })
  return parsed.keys
}
