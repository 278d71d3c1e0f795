import type { Argv } from 'yargs'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { TEXT_OR_JSON } from '../options.js'

/** What every command takes. */
export interface Global {
  config: string
}

/** How a command of the command line runs. */
export interface Run {
  readonly io: Io
  /** Takes a command that has begun, and keeps how it ends. */
  readonly finish: (pending: Promise<ExitCode>) => Promise<void>
}

/** With `--format text|json`. */
export function textOrJson<T>(parser: Argv<T>) {
  return parser.option('format', TEXT_OR_JSON)
}
