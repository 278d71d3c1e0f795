import { MailsyncError } from '../../records/error.js'

/** How a run is watched, as its command line says it. What is wrong there is for the command line to tell. */
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

/** Reads of a command line what has to be known before the command is. */
export function readWatchLine(argv: readonly string[]): WatchLine {
  const given = (...names: readonly string[]): string | undefined => {
    for (const [index, arg] of argv.entries()) {
      if (arg === '--') return undefined
      const name = names.find((one) => arg === one || arg.startsWith(`${one}=`))
      if (name !== undefined) return arg === name ? argv[index + 1] : arg.slice(name.length + 1)
    }
    return undefined
  }
  const words = argv.slice(0, GROUPS.has(argv[0] ?? '') ? 2 : 1).filter((word) => !word.startsWith('-'))
  const wait = given('--max-wait')
  return {
    isJsonLog: given('--log') === 'json',
    metrics: given('--metrics') || undefined,
    maxWait: wait === undefined ? undefined : secondsIn(wait),
    command: words.join(' '),
    config: given('--config', '-c') ?? 'mailsync.yaml',
  }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds of `90`, `90s`, `30m`, `4h`, `1d`; undefined for anything else. */
function secondsIn(text: string): number | undefined {
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
