import { MailsyncError } from '../../records/error.js'
import { compareNames, type Name, parseName } from '../../records/rr/name.js'
import { type AnyRRset, type Change, isKnown, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { isDone, surpriseIn } from '../expect.js'
import type { ConnectContext, Provider } from '../provider.js'
import { cancelled, unlessBug } from '../refusal.js'
import { type Batch, type Sent, writeBatches } from '../write-batches.js'
import { type Answer, type Bridge, type PluginError, startBridge } from './bridge.js'
import { type BridgeRecord, readRecords, toEdit } from './convert.js'
import { explain, isOver } from './errors.js'
import { type Facts, factsOf, type Opened } from './facts.js'
import type { OctodnsOptions } from './options.js'
import { findPython, type Python } from './python.js'

/** Seconds until Python has loaded octoDNS and the plugin. */
const START = 60
/** Milliseconds between looks at what was written, for providers that do not show it at once. */
const LOOKS = [0, 500, 2_000, 5_000] as const

interface ReadAnswer {
  readonly served: boolean
  readonly records: readonly BridgeRecord[]
}

/** Starts Python and makes one object of the class, so that wrong options are told at once. */
export async function connectOctodns(options: OctodnsOptions, context: ConnectContext): Promise<Provider> {
  const python = await findPython(options.python, context)
  const process = pythonProcess(python, options, context.directory)
  const facts = factsOf(options.className, await process.opened(), options.minTtl)
  return connection(process, facts)
}

/** A Python process, and the next one where it has ended. */
interface PythonProcess {
  opened(): Promise<Opened>
  /** Rejects with a {@link MailsyncError}, also once `signal` aborts. */
  result<T>(op: string, more: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<T>
  answer(op: string, more: Readonly<Record<string, unknown>>): Promise<Answer>
  explain(error: PluginError, zone?: string): MailsyncError
  close(): Promise<void>
}

function pythonProcess(python: Python, options: OctodnsOptions, directory: string): PythonProcess {
  const { className, provider, timeout } = options
  let current: { readonly bridge: Bridge; readonly opened: Promise<Opened> } | undefined
  const bridges = new Set<Bridge>()

  const told = (error: PluginError, zone?: string): MailsyncError =>
    explain(error, { python, className, ...(zone === undefined ? {} : { zone }) })
  const open = async (bridge: Bridge): Promise<Opened> => {
    const request = { op: 'open', name: 'mailsync', class: className, options: provider }
    const answer = await bridge.ask(request, Math.max(START, timeout))
    if (answer.kind === 'result') return answer.result as Opened
    await bridge.close()
    bridges.delete(bridge)
    throw answer.kind === 'gone' ? answer.failure : told(answer.error)
  }
  const running = (): NonNullable<typeof current> => {
    if (current?.bridge.isAlive) return current
    const bridge = startBridge(python, directory)
    bridges.add(bridge)
    const opened = open(bridge)
    opened.catch(() => {
      if (current?.bridge === bridge) current = undefined
    })
    current = { bridge, opened }
    return current
  }
  const answer: PythonProcess['answer'] = async (op, more) => {
    const { bridge, opened } = running()
    await opened
    return bridge.ask({ op, ...more }, timeout)
  }
  return {
    opened: () => running().opened,
    answer,
    explain: told,
    result: async <T>(op: string, more: Readonly<Record<string, unknown>>, signal: AbortSignal) => {
      const got = await unlessAborted(answer(op, more), signal)
      if (got.kind === 'result') return got.result as T
      throw got.kind === 'gone' ? got.failure : told(got.error, more.zone as string | undefined)
    },
    close: async () => {
      await Promise.all([...bridges].map((bridge) => bridge.close()))
      bridges.clear()
    },
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled()
  let stop = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled())
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
    work.catch(unlessBug)
  }
}

function connection(process: PythonProcess, facts: Facts): Provider {
  const readAnswer = (zone: Name, { served, records }: ReadAnswer): AnyRRset[] => {
    if (served) return readRecords(records, facts)
    throw new MailsyncError('zone-not-found', `${facts.plugin} does not serve ${zone}`, {
      where: { zone },
      hint: 'create the zone at the provider, or check whose credentials these are',
    })
  }
  const read = async (zone: Name, signal: AbortSignal): Promise<AnyRRset[]> =>
    readAnswer(zone, await process.result<ReadAnswer>('read', { zone }, signal))
  const look = async (zone: Name): Promise<Zone> => zoneWith(zone, await read(zone, new AbortController().signal))

  /** Reads, compares, and has octoDNS plan and apply on what was compared. */
  const send = async (zone: Name, { changes }: Batch, signal: AbortSignal): Promise<Sent> => {
    const prepared = await process.answer('prepare', { zone })
    if (prepared.kind !== 'result')
      return {
        kind: 'unsent',
        failure: prepared.kind === 'gone' ? prepared.failure : process.explain(prepared.error, zone),
      }
    const { handle, ...answer } = prepared.result as ReadAnswer & { readonly handle: number }
    const failure = reasonNotTo(changes, zoneWith(zone, readAnswer(zone, answer)), facts, signal)
    if (failure) {
      await process.answer('release', { handle })
      return { kind: 'unsent', failure }
    }
    const edits = changes.map((change) => toEdit(zone, change, facts))
    const done = await process.answer('commit', { handle, edits })
    if (done.kind === 'gone') return { kind: 'lost', failure: done.failure, over: false }
    if (done.kind === 'result') return isShown(zone, changes)
    const said = process.explain(done.error, zone)
    if (done.error.phase !== 'apply') return { kind: 'unsent', failure: said }
    return { kind: 'lost', failure: said, over: isOver(done.error) }
  }

  /** octoDNS says only that it has gone through the changes. */
  const isShown = async (zone: Name, changes: readonly Change[]): Promise<Sent> => {
    let missing: readonly Change[] = changes
    for (const wait of LOOKS) {
      await new Promise((resolve) => setTimeout(resolve, wait))
      const now = await look(zone).catch(unlessBug)
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

  return {
    facts: { traits: facts.traits, rejects: facts.rejects },
    zones: async (signal) => {
      const names = (await process.result<readonly string[]>('zones', {}, signal)).map(parseName)
      return names.filter((name) => typeof name === 'string').sort(compareNames)
    },
    read,
    write: (zone, changes, signal) =>
      writeBatches(zone, changes, signal, async () => ({
        pack: (all) => [{ changes: all, oneByOne: true }],
        send: (batch) => send(zone, batch, signal),
        readBack: () => look(zone).catch(unlessBug),
      })),
    close: () => process.close(),
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
