import { MailsyncError } from '../records/error.js'
import type { Name } from '../records/rr/name.js'
import type { Change } from '../records/rr/rrset.js'
import type { Zone } from '../records/rr/zone.js'
import { isDone, surpriseIn } from './expect.js'
import { backOff, type Pause } from './http/waiting.js'
import type { WriteResult } from './provider.js'
import { cancelled } from './refusal.js'

/** Changes that go to the provider together. They are made together or not at all, unless they are `oneByOne`. */
export interface Batch {
  readonly changes: readonly Change[]
  /** The provider makes them one after the other, and may stop in between: each is judged by what is read back. */
  readonly oneByOne?: boolean
}

/** What became of one batch that was sent, as far as the reply tells. */
export type Sent =
  | { readonly kind: 'written' }
  /** It never left this machine, or was refused for a reason that is not in the zone: no permission, too many requests. */
  | { readonly kind: 'unsent'; readonly failure: MailsyncError }
  /**
   * The provider answered that it does not do this. `earlier`: an attempt before at the same batch failed, and may have been
   * done (`over`), or may still be (`open`).
   */
  | { readonly kind: 'refused'; readonly failure: MailsyncError; readonly earlier?: 'over' | 'open' | undefined }
  /** No answer of the provider's own came. `over`: what came shows that nothing more will happen, as a complete 5xx reply does. */
  | { readonly kind: 'lost'; readonly failure: MailsyncError; readonly over: boolean }

/** What an adapter brings to write one zone. */
export interface BatchWriter<B extends Batch = Batch, Z extends Zone = Zone> {
  /** As few batches as hold the changes in their order. Throws `rejected` for a change that no batch can hold. */
  pack(changes: readonly Change[]): readonly B[]
  /** Sends one batch and waits for its end, whatever the user wants meanwhile. Throws only for a bug. */
  send(batch: B): Promise<Sent>
  /** What the zone holds now, at least at the names of the batch; undefined where it cannot be read. */
  readBack(batch: B, failure: MailsyncError): Promise<Z | undefined>
  /**
   * The same changes in the octets that stand there, for a server that compares octets where mailsync compares values (a TXT
   * cut into other strings, capitals in a target); undefined where the batch had these already.
   */
  respell?(batch: B, zone: Z): readonly B[] | undefined
  /**
   * How to wait before a batch that the provider failed is looked for and, where nothing of it was done, sent again. Absent
   * where whatever sends it does that.
   */
  readonly pause?: Pause
}

/** How often a batch is sent again that the provider failed. */
const AGAIN = 3

/**
 * The write contract of provider.ts, for adapters that write in batches. `begin` connects and prepares; what it throws is
 * the failure of the whole write. The batches go one after the other until one fails or the user stops.
 *
 * | the batch was         | and reading back shows           | verdict                               |
 * |-----------------------|----------------------------------|---------------------------------------|
 * | written               | (not asked)                      | applied                               |
 * | unsent                | (not asked)                      | its failure; nothing of it is written |
 * | refused, not at first | all of it done                   | applied: the refusal met its own work |
 * | refused               | something else than expected     | `stale`, with the record's name       |
 * | refused, not at first | that, or cannot be read          | uncertain                             |
 * | refused               | as expected, in other octets     | sent once more, in these              |
 * | refused               | as expected, or cannot be read   | the refusal; nothing of it is written |
 * | lost                  | all of it done                   | applied                               |
 * | lost, surely over     | as before                        | sent again, a few times; its failure  |
 * | lost                  | anything else, or cannot be read | uncertain                             |
 *
 * Of a batch that is `oneByOne`, each change has a verdict of its own: refused or lost, what is done is applied; what is as
 * before is not written if the batch is surely over; the rest is uncertain.
 *
 * What somebody else did meanwhile is something else than expected even if it is what the change wants: it is not ours to
 * claim, and where an earlier attempt may have been done, it may have come after that. A refusal after an attempt that may
 * still be carried out leaves uncertain what is not done. Once the user has stopped, nothing is read back.
 */
export async function writeBatches<B extends Batch, Z extends Zone>(
  zone: Name,
  changes: readonly Change[],
  signal: AbortSignal,
  begin: () => Promise<BatchWriter<B, Z>>,
): Promise<WriteResult> {
  return writing(zone, changes, signal, async () => {
    const writer = await begin()
    return writeEach(writer, writer.pack(changes), signal, true)
  })
}

/** What every write begins with: nothing to do, already stopped, and a failure told as one. */
export async function writing(
  zone: Name,
  changes: readonly Change[],
  signal: AbortSignal,
  write: () => Promise<WriteResult>,
): Promise<WriteResult> {
  if (changes.length === 0) return { applied: [] }
  if (signal.aborted) return { applied: [], failure: cancelled() }
  try {
    const result = await write()
    return result.failure ? { ...result, failure: result.failure.at({ zone }) } : result
  } catch (error) {
    if (error instanceof MailsyncError) return { applied: [], failure: error.at({ zone }) }
    throw error
  }
}

async function writeEach<B extends Batch, Z extends Zone>(
  writer: BatchWriter<B, Z>,
  batches: readonly B[],
  signal: AbortSignal,
  mayRespell: boolean,
): Promise<WriteResult> {
  const applied: Change[] = []
  for (const batch of batches) {
    if (signal.aborted) return { applied, failure: cancelled() }
    const result = await writeOne(writer, batch, signal, mayRespell)
    applied.push(...result.applied)
    if (result.failure) return { ...result, applied }
  }
  return { applied }
}

async function writeOne<B extends Batch, Z extends Zone>(
  writer: BatchWriter<B, Z>,
  batch: B,
  signal: AbortSignal,
  mayRespell: boolean,
  failed = 0,
): Promise<WriteResult> {
  const sent = await writer.send(batch)
  const { changes } = batch
  if (sent.kind === 'written') return { applied: changes }
  const { failure } = sent
  if (sent.kind === 'unsent') return { applied: [], failure }
  const mayResend =
    sent.kind === 'lost' && sent.over && failure.code === 'unavailable' && writer.pause !== undefined && failed < AGAIN
  if (mayResend) await writer.pause?.(backOff(failed), signal).catch(() => {})
  const now = signal.aborted ? undefined : await writer.readBack(batch, failure)
  if (batch.oneByOne) return eachJudged(changes, sent, now)
  const isOurs = sent.kind === 'lost' || sent.earlier !== undefined
  if (now && isOurs && changes.every((change) => isDone(change, now))) return { applied: changes }
  const surprise = now && surpriseIn(changes, now)
  if (sent.kind === 'lost') {
    if (!sent.over || !now || surprise) return uncertain(changes, failure)
    return mayResend ? writeOne(writer, batch, signal, mayRespell, failed + 1) : { applied: [], failure }
  }
  const isInDoubt = sent.earlier === 'open' || (sent.earlier === 'over' && (!now || surprise !== undefined))
  const refused = (why: MailsyncError): WriteResult =>
    isInDoubt ? uncertain(changes, why) : { applied: [], failure: why }
  if (surprise) return refused(because(surprise, failure))
  const respelled = now && mayRespell ? writer.respell?.(batch, now) : undefined
  return respelled ? writeEach(writer, respelled, signal, false) : refused(failure)
}

type NotWritten = Extract<Sent, { kind: 'refused' | 'lost' }>

function eachJudged(changes: readonly Change[], sent: NotWritten, now: Zone | undefined): WriteResult {
  if (!now) return uncertain(changes, sent.failure)
  const applied = changes.filter((change) => isDone(change, now))
  if (applied.length === changes.length) return { applied }
  const isOver = sent.kind === 'lost' ? sent.over : sent.earlier !== 'open'
  const left = changes.filter((change) => !applied.includes(change))
  const open = isOver && !surpriseIn(left, now) ? [] : isOver ? left.filter((one) => surpriseIn([one], now)) : left
  return open.length > 0 ? { ...uncertain(open, sent.failure), applied } : { applied, failure: sent.failure }
}

function uncertain(
  changes: readonly Change[],
  { code, message, where, hint, apiCode, cause }: MailsyncError,
): WriteResult {
  const first = 'the changes were sent and may have been written or not; plan again to see'
  const failure = new MailsyncError(code, message, {
    where,
    hint: hint === undefined ? first : `${first}; ${hint}`,
    ...(apiCode === undefined ? {} : { apiCode }),
    cause,
  })
  return { applied: [], uncertain: changes, failure }
}

/** The surprise, with the provider's own code for the refusal that it explains. */
function because({ code, message, where, hint }: MailsyncError, { apiCode, cause }: MailsyncError): MailsyncError {
  return new MailsyncError(code, message, {
    where,
    ...(hint === undefined ? {} : { hint }),
    ...(apiCode === undefined ? {} : { apiCode }),
    cause,
  })
}

/**
 * Packs items, in their order, into as few batches as fit. `sizesOf` gives what one item adds to each of the `limits`. An
 * item that alone is too large is a batch of its own.
 */
export function packed<T>(
  items: readonly T[],
  sizesOf: (item: T) => readonly number[],
  limits: readonly number[],
): [T, ...T[]][] {
  const batches: [T, ...T[]][] = []
  let sums: readonly number[] = []
  for (const item of items) {
    const sizes = sizesOf(item)
    const grown = sizes.map((size, index) => size + (sums[index] ?? 0))
    const last = batches.at(-1)
    if (last && fits(grown, limits)) {
      last.push(item)
      sums = grown
    } else {
      batches.push([item])
      sums = sizes
    }
  }
  return batches
}

/** Whether sizes are within their limits. */
export function fits(sizes: readonly number[], limits: readonly number[]): boolean {
  return sizes.every((size, index) => size <= (limits[index] ?? Number.POSITIVE_INFINITY))
}
