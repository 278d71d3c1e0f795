import { MailsyncError } from '../../records/error.js'

/** How a run is watched, as its command line or its workflow says it. */
export interface WatchLine {
  /** Whether stderr is for machines. */
  readonly isJsonLog: boolean
  /** File of the metrics. */
  readonly metrics: string | undefined
  /** Seconds. */
  readonly maxWait: number | undefined
  /** `plan`, `dkim rotate`. */
  readonly command: string
  readonly config: string
}

/** Commands that are a word and another one. */
const GROUPS: ReadonlySet<string> = new Set(['dkim', 'dmarc', 'move', 'spf', 'tlsa'])

/** Reads of a command line what has to be known before the command is. What is wrong there is for the command line to tell. */
export function readWatchLine(line: readonly string[]): WatchLine {
  // A shell that asks how a line goes on runs nothing of it.
  const argv = line[0] === '__complete' ? [] : line
  const [log, metrics, wait, config] = [['--log'], ['--metrics'], ['--max-wait'], ['--config', '-c']].map((names) =>
    valuesOf(argv, names),
  ) as [string[], string[], string[], string[]]
  return {
    isJsonLog: log.includes('json'),
    metrics: metrics[0] || undefined,
    maxWait: wait[0] === undefined ? undefined : secondsIn(wait[0]),
    command: commandIn(argv),
    config: config[0] ?? 'mailsync.yaml',
  }
}

/** The values of an option: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`. */
function valuesOf(argv: readonly string[], names: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? argv.length : end).flatMap((arg, index) => {
    const name = names.find((one) => arg === one || arg.startsWith(one.startsWith('--') ? `${one}=` : one))
    if (name === undefined) return []
    return arg === name ? (argv[index + 1] ?? []) : arg.slice(name.length).replace(/^=/, '')
  })
}

/** Options that may stand before a command, with their value in the next word. */
const BEFORE: ReadonlySet<string> = new Set(['--log', '--metrics', '--max-wait', '--config', '-c'])

function commandIn(argv: readonly string[]): string {
  const words = argv.filter((word, index) => !BEFORE.has(word) && !BEFORE.has(argv[index - 1] ?? ''))
  const at = words.findIndex((word) => !word.startsWith('-'))
  const [command = '', sub = ''] = at < 0 ? [] : words.slice(at)
  return GROUPS.has(command) && sub !== '' && !sub.startsWith('-') ? `${command} ${sub}` : command
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds of `90`, `90s`, `30m`, `4h`, `1d`; undefined for anything else. */
export function secondsIn(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,6})([smhd]?)$/.exec(text.trim()) ?? []
  return number === undefined ? undefined : Number(number) * (UNITS[unit] as number)
}

/** As {@link secondsIn} for an option of the command line, which it names in the `usage` error that it throws. */
export function durationOption(option: string): (text: string | undefined) => number | undefined {
  return (text) => {
    if (text === undefined) return undefined
    const seconds = secondsIn(String(text))
    if (seconds !== undefined) return seconds
    throw new MailsyncError('usage', `--${option} takes a time such as 90s, 30m or 4h`)
  }
}
