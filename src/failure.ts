import { cut } from '../records/cut.js'
import { MailsyncError } from '../records/error.js'
import { SpecErrors } from './problem.js'

/** What went wrong in one zone, as data. */
export interface Failure {
  /** An `ErrorCode`, or `bug` for an error that is none of ours. */
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly record?: string
  readonly apiCode?: string
}

/** The words of others may be in the message of a bug too, and a page of them hides where it came from. */
const MOST_CHARACTERS = 10_000

/** What is told of an error that is none of ours: its message and where it came from. */
export function bugText(error: unknown): string {
  return cut(error instanceof Error ? (error.stack ?? error.message) : String(error), MOST_CHARACTERS)
}

/** The message alone. */
export function bugMessage(error: unknown): string {
  return cut(error instanceof Error ? error.message : String(error), MOST_CHARACTERS)
}

/** A failure as data, so that one zone's does not stop the others. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SpecErrors) return { code: 'spec', message: error.message }
  if (!(error instanceof MailsyncError)) {
    return {
      code: 'bug',
      message: bugText(error),
      hint: 'this is a bug in mailsync or in an adapter; please report it',
    }
  }
  const { code, hint, apiCode, where } = error
  return {
    code,
    message: withPlace(error),
    ...(hint === undefined ? {} : { hint }),
    ...(where.record === undefined ? {} : { record: where.record }),
    ...(apiCode === undefined ? {} : { apiCode }),
  }
}

/** The message after the place in a file it is about, `zones/example.com.yaml:4:3: …`, unless it names the file itself. */
function withPlace({ message, where: { file, line, column } }: MailsyncError): string {
  if (file === undefined || (line === undefined && message.includes(file))) return message
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  return message.startsWith(place) ? message : `${place}: ${message}`
}
