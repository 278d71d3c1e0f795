import { setMaxListeners } from 'node:events'
import { cut } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import type { SignsOfWork } from './signs-of-work.js'

/** A call of an adapter. */
export interface Call {
  readonly provider: string
  readonly call: string
  readonly zone?: string
}

/** What ends the wait for an answer before it is there. */
export interface Bounds {
  /** Once it aborts, nobody waits any longer. Not for what writes. */
  readonly stop?: AbortSignal | undefined
  /** How the adapter shows that it works, and for how many milliseconds it may show nothing. */
  readonly silence?: { readonly signs: SignsOfWork; readonly limit: number } | undefined
}

const unanswered = new Map<() => void, Call>()

/**
 * Ends every call of an adapter that is still waited for, each with an error that names it; false where there is none. For
 * when the process has nothing left to do (`beforeExit` of Node), so that no answer can come any more.
 */
export function endUnanswered(): boolean {
  const ends = [...unanswered.keys()]
  for (const end of ends) end()
  return ends.length > 0
}

/** Whether an adapter writes right now. */
export function isWriting(): boolean {
  return [...unanswered.values()].some(({ call }) => call === 'write')
}

/**
 * What an adapter answers. Rejects with `unavailable` where {@link endUnanswered} ends the wait, with `timeout` after too long
 * a silence, and with `cancelled` once `stop` aborts.
 */
export async function answerOf<T>(of: Call, ask: () => Promise<T>, { stop, silence }: Bounds = {}): Promise<T> {
  let end = (_: MailsyncError): void => {}
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  const onNothingLeft = (): void => end(neverEnded(of))
  const onStop = (): void => end(stopped(of))
  unanswered.set(onNothingLeft, of)
  // Many zones are read at once, each of which listens.
  if (stop) setMaxListeners(0, stop)
  stop?.addEventListener('abort', onStop)
  const unwatch = silence?.signs.watch(silence.limit, () => end(silent(of, silence.limit)))
  try {
    const answer = await Promise.race([ask(), ended])
    silence?.signs.note()
    return answer
  } catch (error) {
    throw error instanceof MailsyncError ? withShortText(error) : error
  } finally {
    unwatch?.()
    stop?.removeEventListener('abort', onStop)
    unanswered.delete(onNothingLeft)
  }
}

/** The error of a call that the user stopped, or that is not begun because of that. */
export function stopped(of: Call): MailsyncError {
  return new MailsyncError('cancelled', `stopped while the adapter was asked to ${JSON.stringify(of.call)}`, {
    where: whereOf(of),
  })
}

function neverEnded(of: Call): MailsyncError {
  return new MailsyncError('unavailable', `the adapter began ${JSON.stringify(of.call)} and never ended it`, {
    where: whereOf(of),
    hint: 'nothing is left that could bring its answer; this is a bug in the adapter',
  })
}

function silent(of: Call, limit: number): MailsyncError {
  const seconds = limit / 1000
  const time = seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} s`
  return new MailsyncError('timeout', `the adapter began ${JSON.stringify(of.call)} and was silent for ${time}`, {
    where: whereOf(of),
    hint: 'run the same command again; an adapter that needs longer tells of its requests (`context.calls`), or this is a bug in it',
  })
}

function whereOf({ provider, zone }: Call): { readonly provider: string; readonly zone?: string } {
  return { provider, ...(zone === undefined ? {} : { zone }) }
}

/** What an API says of an error may be a page, or a megabyte. */
const MOST_CHARACTERS = 1_000

/** The error of an adapter with as much text as somebody reads. */
export function withShortText(error: MailsyncError): MailsyncError {
  const { code, message, hint = '', where, apiCode, cause } = error
  if ([message, hint, apiCode ?? ''].every(({ length }) => length <= MOST_CHARACTERS)) return error
  return new MailsyncError(code, cut(message, MOST_CHARACTERS), {
    where,
    cause,
    ...(hint === '' ? {} : { hint: cut(hint, MOST_CHARACTERS) }),
    ...(apiCode === undefined ? {} : { apiCode: cut(apiCode, MOST_CHARACTERS) }),
  })
}
