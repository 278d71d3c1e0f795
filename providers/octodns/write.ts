import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, isKnown, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { isDone, surpriseIn } from '../expect.js'
import { pause } from '../http/waiting.js'
import { cancelled, unlessBug } from '../refusal.js'
import type { Sent } from '../write-batches.js'
import { type BridgeRecord, readRecords, toEdit } from './convert.js'
import { isOver } from './errors.js'
import type { Facts } from './facts.js'
import type { PythonProcess } from './python-process.js'

/** Milliseconds between looks at what was written, for providers that do not show it at once. */
const LOOKS = [0, 500, 2_000, 5_000] as const

/** What is written to, and how it is looked at. */
export interface Writing {
  readonly zone: Name
  readonly process: PythonProcess
  readonly facts: Facts
  readonly signal: AbortSignal
  /** Reads the zone anew. */
  look(): Promise<Zone>
}

interface Prepared {
  readonly handle: number
  readonly served: boolean
  readonly records: readonly BridgeRecord[]
}

/**
 * Has octoDNS read, and plan and apply on what was compared. A busy API is asked again as long as the zone is as before; what
 * else has come of an attempt is for {@link writeBatches} to find out.
 */
export async function sendChanges(changes: readonly Change[], writing: Writing): Promise<Sent> {
  const { process, facts, zone, signal } = writing
  const edits = changes.map((change) => toEdit(zone, change, facts))
  let last: Sent | undefined
  for (let failed = 1; ; failed++) {
    const prepared = await process.result<Prepared>('prepare', { zone }, signal).catch(asFailure)
    if (prepared instanceof MailsyncError) return last ?? { kind: 'unsent', failure: prepared }
    const { handle, served, records } = prepared
    const reason = served
      ? reasonNotTo(changes, zoneWith(zone, readRecords(records, facts)), facts, signal)
      : notServed(zone, facts)
    if (reason) {
      await process.answer('release', { handle })
      return last ?? { kind: 'unsent', failure: reason }
    }
    const done = await process.answer('commit', { handle, edits })
    if (done.kind === 'gone') return { kind: 'lost', failure: done.failure, over: false }
    if (done.kind === 'result') return isShown(changes, writing)
    const failure = process.explain(done.error, zone)
    if (done.error.phase !== 'apply') return last ?? { kind: 'unsent', failure }
    last = { kind: 'lost', failure, over: isOver(done.error) }
    const wait = last.over ? process.waitAfter(done.error, failed) : undefined
    if (wait === undefined || signal.aborted) return last
    await pause(wait)
  }
}

function asFailure(error: unknown): MailsyncError {
  if (error instanceof MailsyncError) return error
  throw error
}

export function notServed(zone: Name, { plugin }: Facts): MailsyncError {
  return new MailsyncError('zone-not-found', `${plugin} does not serve ${zone}`, {
    where: { zone },
    hint: 'create the zone at the provider, or check whose credentials these are',
  })
}

/** octoDNS says only that it has gone through the changes. */
async function isShown(changes: readonly Change[], { facts, look }: Writing): Promise<Sent> {
  let missing: readonly Change[] = changes
  for (const wait of LOOKS) {
    await pause(wait)
    const now = await look().catch(unlessBug)
    if (now) missing = changes.filter((change) => !isDone(change, now))
    if (missing.length === 0) return { kind: 'written' }
  }
  const names = missing.map((change) => keyOf(subjectOf(change)))
  return {
    kind: 'lost',
    over: true,
    failure: new MailsyncError('rejected', `${facts.plugin} says it wrote, and does not show ${names.join(', ')}`, {
      where: { record: names[0] as string },
      hint: 'look at the zone: the provider keeps something else than it was given, a TTL perhaps (see min_ttl), or shows it late',
    }),
  }
}

/** Why a write must not begin: something else stands there, or octoDNS would write something else. */
function reasonNotTo(
  changes: readonly Change[],
  zone: Zone,
  { rejects, traits, plugin }: Facts,
  signal: AbortSignal,
): MailsyncError | undefined {
  const surprise = surpriseIn(changes, zone)
  if (surprise) return surprise
  for (const change of changes) {
    const subject = subjectOf(change)
    const held = traits.types.includes(subject.type)
    const reason = held
      ? change.kind === 'delete'
        ? undefined
        : rejects(change.after)
      : `${plugin} does not hold ${subject.type} records`
    if (reason !== undefined && isKnown(subject))
      return new MailsyncError('rejected', `${keyOf(subject)}: ${reason}`, { where: { record: keyOf(subject) } })
  }
  return signal.aborted ? cancelled() : undefined
}
