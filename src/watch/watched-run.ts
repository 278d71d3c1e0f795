import { monotonic } from '../../providers/clock.js'
import { version } from '../cli/version.js'
import { type ExitCode, exitCodeOf } from '../exit-code.js'
import { failureOf } from '../failure.js'
import { type Io, redacted, type World } from '../io.js'
import { SpecErrors } from '../problem.js'
import type { Redaction } from '../redaction.js'
import { jsonLog, messageOutput } from './json-log.js'
import { assertWritable, readSamples, saveMetrics } from './metrics/metrics-file.js'
import { runMetrics } from './metrics/run-metrics.js'
import { tellPeople } from './people.js'
import { tally } from './run-counts.js'
import type { RunEvent } from './run-event.js'
import { openWatch } from './watch.js'
import type { WatchLine } from './watch-options.js'

/** A run, and those who watch it. */
export interface WatchedRun {
  readonly io: Io
  /** Why nothing shall be begun: the metrics could not be written. */
  readonly fault: unknown
  /** Tells what ended the run; false where people are to be told of it in words. */
  failed(error: unknown): boolean
  /** The end of the run: the metrics are written, and the log is closed. */
  ended(exit: ExitCode): RunEnded
}

export interface RunEnded {
  /** Of the run, or of the metrics where it went well and they did not. */
  readonly exit: ExitCode
  /** Why the metrics could not be written; the log has it. */
  readonly unsaved?: unknown
}

/**
 * Begins a run as `--log`, `--metrics` and `--max-wait` ask for it. With `--log json` all that goes to stderr are events, and
 * nobody is asked anything.
 */
export function watchedRun(line: WatchLine, world: World, redaction: Redaction): WatchedRun {
  const { clock = monotonic } = world
  const begin = { at: clock(), now: world.now() * 1000 }
  const now = (): number => begin.now + clock() - begin.at
  const watch = openWatch({ maxWait: line.maxWait, clock, signal: world.signal })
  const io = redacted(line.isJsonLog ? unattended(world, watch.tell) : world, redaction, watch)
  const counts = tally()
  watch.listen(counts.add)
  watch.listen(line.isJsonLog ? jsonLog(world.err, redaction, now) : tellPeople(io.err, clock))
  const metrics = line.metrics === undefined ? undefined : runMetrics(line, version)
  const fault = line.metrics === undefined ? undefined : faultOf(line.metrics)
  if (metrics) watch.listen(metrics.add)
  world.signal.addEventListener('abort', () => watch.tell({ event: 'run.stopping' }), { once: true })
  watch.tell({ event: 'run.start', version, command: line.command, config: line.config })
  const failed = (error: unknown): boolean => {
    for (const failure of failuresOf(error)) watch.tell({ event: 'failure', ...failure })
    return line.isJsonLog
  }
  const save = (exit: ExitCode, seconds: number): RunEnded => {
    if (!metrics || line.metrics === undefined || fault !== undefined) return { exit }
    try {
      const text = metrics.text({ exit, seconds, now: Math.floor(now() / 1000) }, readSamples(line.metrics))
      saveMetrics(line.metrics, text)
      return { exit }
    } catch (unsaved) {
      failed(unsaved)
      return { exit: exit || exitCodeOf([failureOf(unsaved)]), unsaved }
    }
  }
  return {
    io,
    fault,
    failed,
    ended: (exit) => {
      const seconds = (clock() - begin.at) / 1000
      const ended = save(exit, seconds)
      watch.tell({ event: 'run.end', exit: ended.exit, seconds, ...counts.counts() })
      return ended
    },
  }
}

function unattended({ confirm: _, terminal: __, ...world }: World, tell: (event: RunEvent) => void): World {
  return { ...world, err: messageOutput(tell) }
}

function faultOf(file: string): unknown {
  try {
    assertWritable(file)
    return undefined
  } catch (error) {
    return error
  }
}

type Failed = Omit<Extract<RunEvent, { readonly event: 'failure' }>, 'event'>

/** What went wrong, one by one. */
function failuresOf(error: unknown): Failed[] {
  if (!(error instanceof SpecErrors)) {
    const { code, message, hint } = failureOf(error)
    return [{ code, message, ...(hint === undefined ? {} : { hint }) }]
  }
  return error.problems
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message, hint, where, zone, provider }) => ({
      code: rule,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(where && { where: `${where.file}:${where.line}:${where.column}` }),
      ...(zone === undefined ? {} : { zone }),
      ...(provider === undefined ? {} : { provider }),
    }))
}
