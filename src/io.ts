import type { Readable, Writable } from 'node:stream'
import type { Output } from './output.js'
import type { Redaction } from './redaction.js'
import { openWatch, type Watch } from './watch/watch.js'

/** The world as it is given to a program. Only src/cli.ts and src/action/index.ts know the process behind it. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>
  /** `YYYY-MM-DD`. */
  readonly today: string
  /** Seconds since 1970, now. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back; default: that of the process. */
  readonly clock?: () => number
  /** Aborts when the user stops the run. */
  readonly signal: AbortSignal
  /** Data: what a pipe is to carry. */
  readonly out: Output
  /** Progress, questions and messages. */
  readonly err: Output
  /** Asks yes or no; undefined where nobody can answer. */
  readonly confirm?: (question: string) => Promise<boolean>
  /** Opens what is piped in; undefined where nothing can be. */
  readonly input?: () => Readable
  /** Where questions are asked; undefined where nobody can answer. */
  readonly terminal?: Terminal
}

/** Somebody's keyboard and screen. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/** The world as a command sees it: what is in `redaction` gets through neither output. */
export interface Io extends World {
  /** Takes the secrets of the spec, and takes them out of what is saved and sent. */
  readonly redaction: Redaction
  /** Hears what happens in the run. */
  readonly watch: Watch
}

/** Puts the redaction between a program and its outputs. */
export function redacted(
  world: World,
  redaction: Redaction,
  watch: Watch = openWatch({ clock: world.clock, signal: world.signal }),
): Io {
  return { ...world, redaction, watch, out: redaction.output(world.out), err: redaction.output(world.err) }
}
