import type { Name } from '../../../records/rr/name.js'

/** A key as its holder tells it. */
export interface SourceKey {
  readonly selector: string
  /** The text of its record. */
  readonly txt: string
}

/** Asks one holder for its keys of a domain. Throws MailsyncError where it cannot be read. */
export type KeysOf = (domain: Name) => Promise<readonly SourceKey[]>

export interface SourceContext {
  /** Options, `env/NAME` replaced. */
  readonly options: Readonly<Record<string, unknown>>
  /** Absolute path of a file that the spec names. Throws where it may not be read. */
  readonly pathOf: (file: string) => string
  readonly signal: AbortSignal
}
