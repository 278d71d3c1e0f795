import type { Provider, WriteResult } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { Change } from '../../records/rr/rrset.js'
import { answerOf, type Bounds, type Call, stopped, withShortText } from './answer-of.js'
import type { SignsOfWork, Silence } from './signs-of-work.js'

/** Of a write that never ends, nobody knows what was written. */
async function writeResult(
  call: Call,
  changes: readonly Change[],
  write: () => Promise<WriteResult>,
  bounds: Bounds,
): Promise<WriteResult> {
  let hasEnded = false
  const ask = (): Promise<WriteResult> =>
    write().finally(() => {
      hasEnded = true
    })
  try {
    const { failure, ...result } = await answerOf(call, ask, bounds)
    return { ...result, ...(failure && { failure: withShortText(failure) }) }
  } catch (error) {
    if (hasEnded || !(error instanceof MailsyncError)) throw error
    return { applied: [], uncertain: changes, failure: error }
  }
}

/** How an adapter shows that it works, and how long it may show nothing. */
export type Watching = Silence & { readonly signs: SignsOfWork }

/**
 * The provider, with every call that it is asked among those that `endUnanswered` can end. Once a signal aborts, what reads
 * is given up at once; what writes is waited for.
 *
 * @param watching ends a call after too long a silence; without it the adapter bounds its calls itself
 */
export function withAnswers(name: string, provider: Provider, watching?: Watching): Provider {
  const { views, batches, providerDefault, tagged, check, nameServers, answersAt, waitUntilServed, close } = provider
  const at = (call: keyof Provider, zone?: string): Call => ({
    provider: name,
    call,
    ...(zone === undefined ? {} : { zone }),
  })
  const within = (limit: 'reading' | 'writing', stop?: AbortSignal): Bounds => ({
    stop,
    silence: watching && { signs: watching.signs, limit: watching[limit] },
  })
  const reading = async <T>(call: Call, signal: AbortSignal, ask: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw stopped(call)
    return answerOf(call, ask, within('reading', signal))
  }
  return {
    zones: (signal) => reading(at('zones'), signal, () => provider.zones(signal)),
    read: (zone, signal, ...given) => reading(at('read', zone), signal, () => provider.read(zone, signal, ...given)),
    ...(views && {
      views: (zone, signal, places) =>
        reading(at('views', zone), signal, () => views.call(provider, zone, signal, places)),
    }),
    write: (zone, changes, signal) =>
      writeResult(at('write', zone), changes, () => provider.write(zone, changes, signal), within('writing')),
    ...(batches && { batches: (...given) => batches.apply(provider, given) }),
    ...(providerDefault && { providerDefault: (at) => providerDefault.call(provider, at) }),
    ...(tagged && {
      tagged: (tag, signal) => reading(at('tagged'), signal, () => tagged.call(provider, tag, signal)),
    }),
    ...(check && {
      check: (zone, signal) => reading(at('check', zone), signal, () => check.call(provider, zone, signal)),
    }),
    ...(nameServers && {
      nameServers: (zone, signal) =>
        reading(at('nameServers', zone), signal, () => nameServers.call(provider, zone, signal)),
    }),
    ...(answersAt && { answersAt: () => answerOf(at('answersAt'), () => answersAt.call(provider), within('reading')) }),
    ...(waitUntilServed && {
      waitUntilServed: (signal, report) => {
        const noted = (message: string): void => {
          watching?.signs.note()
          report(message)
        }
        const ask = (): Promise<void> => waitUntilServed.call(provider, signal, noted)
        return answerOf(at('waitUntilServed'), ask, within('writing'))
      },
    }),
    ...(close && { close: () => answerOf(at('close'), () => close.call(provider), within('reading')) }),
  }
}
