import type { MailsyncError } from '../../records/error.js'
import { type Calls, callsOf, type EndedCall, outcomeOf } from '../calls/calls.js'
import { pause, retryAfterSeconds, waitAgain } from '../http/waiting.js'
import { cancelled } from '../refusal.js'
import { type Answer, type Bridge, type PluginError, startBridge } from './bridge.js'
import { explain } from './errors.js'
import type { Opened } from './facts.js'
import type { OctodnsOptions } from './options.js'
import type { Python } from './python.js'

/** Seconds until Python has loaded octoDNS and the plugin. */
const START = 60
const ATTEMPTS = 5

/** The Python process of one provider, and the next one where it has ended. */
export interface PythonProcess {
  opened(): Promise<Opened>
  /**
   * What the bridge gives back, where a busy API is asked again. Rejects with a {@link MailsyncError}, also once `signal`
   * aborts.
   */
  result<T>(op: string, more: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<T>
  /** One attempt; `attempt` is its number, from 1. */
  answer(op: string, more: Readonly<Record<string, unknown>>, attempt?: number): Promise<Answer>
  /** Milliseconds to wait before the same again after so many attempts failed; undefined where that would not help. */
  waitAfter(error: PluginError, failed: number): number | undefined
  explain(error: PluginError, zone?: string): MailsyncError
  close(): Promise<void>
}

export function pythonProcess(
  python: Python,
  options: OctodnsOptions,
  directory: string,
  calls: Calls = callsOf(options.className),
): PythonProcess {
  const { className, provider, timeout } = options
  const bridges = new Set<Bridge>()
  let current: { readonly bridge: Bridge; readonly opened: Promise<Opened> } | undefined

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
  const answer: PythonProcess['answer'] = async (op, more, attempt = 1) => {
    const { bridge, opened } = running()
    await opened
    if (!ASKING.has(op)) return bridge.ask({ op, ...more }, timeout)
    await calls.begin(pause)
    const start = performance.now()
    const got = await bridge.ask({ op, ...more }, timeout)
    const seconds = (performance.now() - start) / 1000
    calls.ended({ what: `${op} ${more.zone ?? ''}`.trim(), ...endOf(got), attempt, seconds })
    return got
  }
  const waitAfter = (error: PluginError, failed: number): number | undefined => waitBefore(error, failed, calls)
  return {
    opened: () => running().opened,
    answer,
    waitAfter,
    explain: told,
    result: async <T>(op: string, more: Readonly<Record<string, unknown>>, signal: AbortSignal) => {
      for (let failed = 1; ; failed++) {
        const got = await unlessAborted(answer(op, more, failed), signal)
        if (got.kind === 'result') return got.result as T
        if (got.kind === 'gone') throw got.failure
        const wait = waitAfter(got.error, failed)
        if (wait === undefined) throw told(got.error, more.zone as string | undefined)
        await unlessAborted(pause(wait), signal)
      }
    },
    close: async () => {
      await Promise.all([...bridges].map((bridge) => bridge.close()))
      bridges.clear()
    },
  }
}

/** What of it asks the provider; how many requests octoDNS makes of one is its own matter. */
const ASKING: ReadonlySet<string> = new Set(['zones', 'read', 'prepare', 'commit'])

function endOf(got: Answer): Pick<EndedCall, 'outcome' | 'status'> {
  if (got.kind === 'result') return { outcome: 'ok' }
  if (got.kind === 'gone') return { outcome: 'unanswered' }
  const { status } = got.error
  return status ? { outcome: outcomeOf(status), status } : { outcome: 'failed' }
}

/** A busy or ailing API is asked again; what a plugin says otherwise is its last word. */
function waitBefore({ kind, status, retryAfter }: PluginError, failed: number, calls: Calls): number | undefined {
  if (kind !== 'exception' || failed >= ATTEMPTS) return undefined
  if (!status || (status !== 429 && status < 500)) return undefined
  const wait = waitAgain(failed - 1, retryAfterSeconds(retryAfter))
  return calls.waits(wait / 1000, status === 429) ? wait : undefined
}

/** The work itself goes on, and what comes of it is of no interest any more. */
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
    work.catch(() => {})
  }
}
