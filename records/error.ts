/**
 * What kind of failure it is; callers branch on this, never on the text.
 *
 * - `spec`, `usage`: the user's input; `guard`: a safety limit refused; `stale`: the zone is not what the plan saw.
 * - `authentication`, `permission`, `zone-not-found`, `rejected` (the provider refuses this change), `rate-limited`,
 *   `unavailable` (5xx, connection refused or cut), `timeout`: the provider.
 * - `forward-missing`: the provider sets a PTR only once its name leads to the address, and it does not see that yet.
 * - `io`: a file of ours; `cancelled`: the user stopped the run.
 */
export type ErrorCode =
  | 'spec'
  | 'usage'
  | 'guard'
  | 'stale'
  | 'authentication'
  | 'permission'
  | 'zone-not-found'
  | 'rejected'
  | 'forward-missing'
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'io'
  | 'cancelled'

/** Where it happened, as far as it is known. */
export interface Where {
  readonly file?: string
  /** 1-based. */
  readonly line?: number
  /** 1-based. */
  readonly column?: number
  readonly provider?: string
  readonly zone?: string
  /** Owner name and type, for example `example.com. TXT`. */
  readonly record?: string
}

interface Details {
  readonly where?: Where
  /** What the reader can do about it. */
  readonly hint?: string
  /** The provider's own code, for example `81058` or `NXRRSET`. */
  readonly apiCode?: string
  readonly cause?: unknown
}

/** What every copy of the class has, whichever bundle it is in. */
const MARK = Symbol.for('mailsync.MailsyncError')

/**
 * Every failure a user can cause or meet. Anything else that is thrown is a bug in mailsync. Carries no secret.
 *
 * An adapter of the user's own takes the class from the package that it finds, the action has one in its bundle: `instanceof` holds for
 * those of either.
 */
export class MailsyncError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass has this method too, and asks for its own
    if (this !== MailsyncError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && MARK in value
  }

  readonly [MARK] = true
  override readonly name = 'MailsyncError'
  readonly code: ErrorCode
  readonly where: Where
  readonly hint: string | undefined
  readonly apiCode: string | undefined

  constructor(code: ErrorCode, message: string, { where = {}, hint, apiCode, cause }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.where = where
    this.hint = hint
    this.apiCode = apiCode
  }

  /** The same error, told more precisely where. What is known already stays. */
  at(where: Where): MailsyncError {
    return new MailsyncError(this.code, this.message, {
      where: { ...where, ...this.where },
      cause: this.cause,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.apiCode === undefined ? {} : { apiCode: this.apiCode }),
    })
  }
}
