import { MailsyncError } from '../../records/error.js'
import type { Position } from '../../yaml/source-texts.js'

/** What an adapter's `connect` has thrown, with the provider and its place in the spec. A provider of the command line has none. */
export function connectError(provider: string, error: unknown, { file, line, column }: Position): Error {
  if (!(error instanceof MailsyncError)) return adapterBug(provider, error)
  const hasPlace = file !== '' && error.where.file === undefined
  return error.at({ provider, ...(hasPlace ? { file, line, column } : {}) })
}

/** What is none of our errors stays a bug, and says whose. */
export function adapterBug(provider: string, error: unknown): Error {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const bug = new Error(`provider ${provider}: ${error instanceof Error ? error.message : text}`, { cause: error })
  bug.stack = `provider ${provider}: ${text}`
  return bug
}
