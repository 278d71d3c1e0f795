import type { Attempt } from './attempts.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** Parsed; undefined where there is none, as with 204. Believe nothing of its form. */
  readonly body: unknown
}

/** One call, however many attempts it takes. */
export interface Call {
  /** After "was asked to": `list the records of example.com`. */
  readonly doing: string
  readonly method: Method
  /** The parts of the path below the base, as they are: they are encoded here. */
  readonly path: readonly (string | number)[]
  /** A list is given as many times as it has values. */
  readonly query?: Readonly<Record<string, string | number | readonly (string | number)[]>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as a form, instead. */
  readonly form?: Readonly<Record<string, string>>
  /** Besides those of the API. */
  readonly headers?: Readonly<Record<string, string>>
  /** Absent for what is finished whatever the user wants: a write in flight. */
  readonly signal?: AbortSignal
  /** Where each attempt is noted, for `sentOf`. */
  readonly attempts?: Attempt[]
  /** True: a write is repeated like a reading, as doing it twice is doing it once. False: there is no second attempt. */
  readonly again?: boolean
  /** Whether a success is what the API answers this call with; any other comes from something in between. */
  readonly isAnswer?: (reply: Reply) => boolean
}
