import type { Provider } from '../../providers/provider.js'
import { cancelled } from '../../providers/refusal.js'
import { MailsyncError } from '../../records/error.js'
import { wordsOf } from '../subject.js'

/** How long an adapter is waited for, and what ends the wait before. */
export interface Bounds {
  /** Milliseconds a call may take. */
  readonly limit: number
  /** Once it aborts nothing is called any more, and only what writes is waited for. */
  readonly signal: AbortSignal
  /** Told of every call that took too long. */
  onTimeout(): void
}

/** What a call of an adapter gives, within the bounds. */
export async function within<T>(call: string, { limit, signal, onTimeout }: Bounds, ask: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw cancelled()
  let timer: NodeJS.Timeout | undefined
  let stop = (): void => {}
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onTimeout()
      const message = `the adapter did not end ${JSON.stringify(call)} within ${limit / 1000} s`
      reject(new MailsyncError('timeout', message, { hint: '--timeout sets how long it is waited for' }))
    }, limit).unref()
    stop = () => reject(cancelled())
    if (call !== 'write') signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([ask(), ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** The provider with every call within the bounds. */
export function bounded(provider: Provider, bounds: Bounds): Provider {
  const { batches, providerDefault, check, close } = provider
  return {
    zones: (signal) => within('zones', bounds, () => provider.zones(signal)),
    read: (...given) => within('read', bounds, () => provider.read(...given)),
    write: (zone, changes, signal) => within('write', bounds, () => provider.write(zone, changes, signal)),
    ...(batches && { batches: (zone, changes) => batches.call(provider, zone, changes) }),
    ...(providerDefault && { providerDefault: (name) => providerDefault.call(provider, name) }),
    ...(check && { check: (zone, signal) => within('check', bounds, () => check.call(provider, zone, signal)) }),
    ...(close && {
      close: () => within('close', { ...bounds, signal: new AbortController().signal }, () => close.call(provider)),
    }),
  }
}

/** An adapter that nobody has tried yet may throw anything. */
export function asMailsyncError(error: unknown): MailsyncError {
  if (error instanceof MailsyncError) return error
  return new MailsyncError('unavailable', `the adapter threw what is no MailsyncError: ${wordsOf(error)}`, {
    hint: 'an adapter tells what goes wrong as a MailsyncError',
    cause: error,
  })
}
