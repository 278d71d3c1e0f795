import type { Io } from '../io.js'
import type { RunEvent } from './event.js'

/** What a run of the action has to work with. Only src/action/index.ts knows the process behind it. */
export interface Run {
  readonly io: Io
  readonly event: RunEvent
  /** Absolute folder of the checkout. */
  readonly workspace: string
  /** Absolute folder for files of this job. */
  readonly temporary: string
  /** Tells those who watch the run what ended it. */
  readonly failed: (error: unknown) => void
}
