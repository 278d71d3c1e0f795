import type { Output } from '../output.js'
import type { Redaction } from '../redaction.js'
import type { RunEvent } from './run-event.js'

/**
 * Writes each event as one line of JSON: `{"time":"2026-11-27T06:30:00.123Z","event":"zone.read", …}`, without secrets, and
 * without `##[`, in which GitHub's runner finds a command anywhere in a line: it is as JSON may write it, too.
 *
 * @param now milliseconds since 1970
 */
export function jsonLog(err: Output, redaction: Redaction, now: () => number): (event: RunEvent) => void {
  return ({ event, ...about }) => {
    const line = { time: new Date(now()).toISOString(), event, ...rounded(redaction.data(about)) }
    err.write(`${JSON.stringify(line).replaceAll('##[', '##\\u005b')}\n`)
  }
}

/** Times to the millisecond. */
function rounded(about: object): object {
  return Object.fromEntries(
    Object.entries(about).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    ]),
  )
}

/** What people would read on stderr, as events. */
export function messageOutput(tell: (event: RunEvent) => void): Output {
  return {
    write: (text) => {
      const trimmed = text.trim()
      if (trimmed !== '') tell({ event: 'message', text: trimmed })
    },
    isTerminal: false,
    colour: false,
    columns: 100,
  }
}
