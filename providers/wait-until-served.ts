import type { MailsyncError } from '../records/error.js'
import type { Pause } from './http/waiting.js'
import { cancelled } from './refusal.js'

/** Milliseconds after which what is not served is given up. */
const PATIENCE = 10 * 60_000

/** What was written, part by part, and how the provider tells that its name servers have it. */
export interface Written<T> {
  readonly parts: readonly T[]
  /** What a part is called: `zone`. */
  readonly noun: string
  /** Milliseconds between two looks. */
  readonly interval: number
  isServed(part: T): Promise<boolean>
  /** The failure after ten minutes; `rest` are those that are not known to be served, the first of them is not. */
  late(rest: readonly T[]): MailsyncError
}

/** Looks at each part in turn until it is served. Throws what `late` gives after ten minutes, and `cancelled`. */
export async function waitUntilServed<T>(
  { parts, noun, interval, isServed, late }: Written<T>,
  signal: AbortSignal,
  report: (message: string) => void,
  pause: Pause,
): Promise<void> {
  let waited = 0
  for (const [index, part] of parts.entries())
    while (!(await isServed(part))) {
      report(`${index} of ${parts.length} ${noun}s are on every name server`)
      if (waited >= PATIENCE) throw late(parts.slice(index))
      await pause(interval, signal).catch(() => {
        throw cancelled()
      })
      waited += interval
    }
  if (parts.length > 0) report(`every ${noun} is on every name server`)
}
