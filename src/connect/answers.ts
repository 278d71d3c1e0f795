import type { Provider, WriteResult } from '../../providers/provider.js'
import { cut } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import type { Change } from '../../records/rr/rrset.js'

const unanswered = new Set<() => void>()

/**
 * Ends every call of an adapter that is still waited for, each with an error that names it; false where there is none. For
 * when the process has nothing left to do (`beforeExit` of Node), so that no answer can come any more.
 */
export function endUnanswered(): boolean {
  const ends = [...unanswered]
  for (const end of ends) end()
  return ends.length > 0
}

/** A call of an adapter. */
interface Call {
  readonly provider: string
  readonly call: string
  readonly zone?: string
}

/** What an adapter answers, or rejects with `unavailable` where {@link endUnanswered} ends the wait. */
export async function answerOf<T>({ provider, call, zone }: Call, ask: () => Promise<T>): Promise<T> {
  let end = (): void => {}
  const ended = new Promise<never>((_, reject) => {
    end = () =>
      reject(
        new MailsyncError('unavailable', `the adapter began ${JSON.stringify(call)} and never ended it`, {
          where: { provider, ...(zone === undefined ? {} : { zone }) },
          hint: 'nothing is left that could bring its answer; this is a bug in the adapter',
        }),
      )
  })
  unanswered.add(end)
  try {
    return await Promise.race([ask(), ended])
  } catch (error) {
    throw error instanceof MailsyncError ? withShortText(error) : error
  } finally {
    unanswered.delete(end)
  }
}

/** What an API says of an error may be a page, or a megabyte. */
const MOST_CHARACTERS = 1_000

/** The error of an adapter with as much text as somebody reads. */
function withShortText(error: MailsyncError): MailsyncError {
  const { code, message, hint = '', where, apiCode, cause } = error
  if ([message, hint, apiCode ?? ''].every(({ length }) => length <= MOST_CHARACTERS)) return error
  return new MailsyncError(code, cut(message, MOST_CHARACTERS), {
    where,
    cause,
    ...(hint === '' ? {} : { hint: cut(hint, MOST_CHARACTERS) }),
    ...(apiCode === undefined ? {} : { apiCode: cut(apiCode, MOST_CHARACTERS) }),
  })
}

/** Of a write that never ends, nobody knows what was written. */
async function writeResult(
  call: Call,
  changes: readonly Change[],
  write: () => Promise<WriteResult>,
): Promise<WriteResult> {
  let hasEnded = false
  try {
    const { failure, ...result } = await answerOf(call, () =>
      write().finally(() => {
        hasEnded = true
      }),
    )
    return { ...result, ...(failure && { failure: withShortText(failure) }) }
  } catch (error) {
    if (hasEnded || !(error instanceof MailsyncError)) throw error
    return { applied: [], uncertain: changes, failure: error }
  }
}

/** The provider, with every call that it is asked among those that {@link endUnanswered} can end. */
export function withAnswers(name: string, provider: Provider): Provider {
  const { views, batches, providerDefault, tagged, check, answersAt, waitUntilServed, close } = provider
  const at = (call: keyof Provider, zone?: string): Call => ({
    provider: name,
    call,
    ...(zone === undefined ? {} : { zone }),
  })
  return {
    zones: (signal) => answerOf(at('zones'), () => provider.zones(signal)),
    read: (zone, ...given) => answerOf(at('read', zone), () => provider.read(zone, ...given)),
    ...(views
      ? { views: (zone, ...given) => answerOf(at('views', zone), () => views.call(provider, zone, ...given)) }
      : {}),
    write: (zone, changes, signal) =>
      writeResult(at('write', zone), changes, () => provider.write(zone, changes, signal)),
    ...(batches ? { batches: (...given) => batches.apply(provider, given) } : {}),
    ...(providerDefault ? { providerDefault: (at) => providerDefault.call(provider, at) } : {}),
    ...(tagged ? { tagged: (...given) => answerOf(at('tagged'), () => tagged.apply(provider, given)) } : {}),
    ...(check
      ? { check: (zone, signal) => answerOf(at('check', zone), () => check.call(provider, zone, signal)) }
      : {}),
    ...(answersAt ? { answersAt: () => answerOf(at('answersAt'), () => answersAt.call(provider)) } : {}),
    ...(waitUntilServed
      ? { waitUntilServed: (...given) => answerOf(at('waitUntilServed'), () => waitUntilServed.apply(provider, given)) }
      : {}),
    ...(close ? { close: () => answerOf(at('close'), () => close.call(provider)) } : {}),
  }
}
