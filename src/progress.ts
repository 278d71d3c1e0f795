import type { Io } from './io.js'
import { numberText } from './render/words.js'
import { workRate } from './watch/rate.js'
import { countdownText, durationText, rateText } from './watch/words.js'

/** How far a long piece of work is. */
export interface Progress {
  update(done: number, total: number): void
  /** Takes the line away until the next update. */
  clear(): void
  /** The end of the work, told once. */
  end(): void
}

/** Milliseconds between two looks of the line. */
const REDRAW = 100
/** Milliseconds without an advance from which a wait is what people see: other work may go on meanwhile. */
const STANDSTILL = 1_000

/**
 * Reports how far a long piece of work is: one line, kept up to date, and only where somebody looks. It has the rate and the
 * time that is left, or the time until a rate limit lets the work go on.
 *
 * @param what `reading zones`
 */
export function progressLine({ err, watch }: Pick<Io, 'err' | 'watch'>, what: string): Progress {
  const { clock, tell, signal } = watch
  const start = clock()
  const rate = workRate(clock)
  let [done, total] = [0, 0]
  let moved = start
  let shown = ''
  let drawn = Number.NEGATIVE_INFINITY
  let wait: { readonly provider: string; readonly until: number } | undefined
  let work: string | undefined
  let timer: NodeJS.Timeout | undefined
  let isOver = false

  const show = (text: string): void => {
    if (!err.isTerminal || text === shown) return
    err.write(`\r\u001b[2K${text}`)
    shown = text
    drawn = clock()
  }
  const line = (): string => {
    const far = `${what} ${numberText(done)}/${numberText(total)}`
    if (wait && clock() < wait.until && clock() - moved >= STANDSTILL)
      return `${far} · waiting for the rate limit of ${wait.provider} · ${countdownText((wait.until - clock()) / 1000)}`
    if (work !== undefined && clock() - moved >= STANDSTILL) return `${far} · ${work}`
    const speed = rate.perSecond()
    if (speed === undefined) return `${far} (${Math.floor((100 * done) / Math.max(total, 1))} %)`
    const left = (total - done) / speed
    return [far, rateText(speed), ...(done < total ? [`${durationText(left)} left`] : [])].join(' · ')
  }
  // What is left out once the user has stopped would count as done, at a great rate.
  const draw = (): void => {
    if (signal?.aborted) return
    if (total > 1 || work !== undefined) show(line())
  }
  const stopListening = watch.listen((event) => {
    if (!err.isTerminal) return
    if (event.event === 'action.wait') {
      const { provider, what, percent } = event
      work = `${provider} is to ${what}${percent === undefined ? '' : ` (${percent} %)`}`
      if (clock() - drawn >= REDRAW) draw()
    }
    if (event.event !== 'rate-limit.wait') return
    const until = clock() + event.seconds * 1000
    if (until <= (wait?.until ?? 0)) return
    wait = { provider: event.provider, until }
    draw()
    timer ??= setInterval(draw, 1000).unref()
  })
  return {
    update: (now, all) => {
      if (now !== done) {
        moved = clock()
        work = undefined
      }
      rate.add(now)
      done = now
      total = all
      if (clock() - drawn >= REDRAW) draw()
    },
    clear: () => show(''),
    end: () => {
      show('')
      if (isOver) return
      isOver = true
      clearInterval(timer)
      stopListening()
      tell({ event: 'phase.end', phase: what, seconds: (clock() - start) / 1000 })
    },
  }
}
