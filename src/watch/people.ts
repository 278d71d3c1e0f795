import { clockText } from '../../providers/calls/calls.js'
import type { Output } from '../output.js'
import { print } from '../render/text/print.js'
import { numberText } from '../render/words.js'
import type { RunEvent } from './run-event.js'
import { durationText } from './words.js'

/** Seconds from which a wait is worth a line where no progress is shown. */
const WORTH_TELLING = 10

/** Tells people of the waits that a run has before it, and of each one where no line shows it. */
export function tellPeople(err: Output, clock: () => number): (event: RunEvent) => void {
  let told = 0
  return (event) => {
    if (event.event === 'budget') print(err, `${budgetText(event)}\n`)
    if (event.event !== 'rate-limit.wait' || err.isTerminal || event.seconds < WORTH_TELLING) return
    if (clock() < told) return
    told = clock() + event.seconds * 1000
    print(err, `Waiting ${durationText(event.seconds)} for the rate limit of ${event.provider}.\n`)
  }
}

/** `this run needs about 12,400 calls; cloudflare allows 1,200 in 5 min (340 left until 14:05 UTC): about 52 min` */
export function budgetText(budget: Extract<RunEvent, { readonly event: 'budget' }>): string {
  const { provider, calls, limit, window, share, left, until, seconds } = budget
  const now = left === undefined || until === undefined ? '' : ` (${numberText(left)} left until ${clockText(until)})`
  const part = share === undefined ? '' : `, to ${numberText(share)} runs together`
  const allowed = `${provider} allows ${numberText(limit)} ${window === 1 ? 'a second' : `in ${durationText(window)}`}${part}${now}`
  return `This run needs about ${numberText(calls)} calls; ${allowed}: about ${durationText(seconds)}.`
}
