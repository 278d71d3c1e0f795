import type { OpenCalls } from '../../providers/calls/calls.js'
import { monotonic } from '../../providers/clock.js'

/** Milliseconds that an adapter may show no sign of work. */
export interface Silence {
  /** While it connects, reads, checks or closes. */
  readonly reading: number
  /** While it writes, or waits until what it wrote is served. */
  readonly writing: number
}

/** A read that is given up costs nothing but a repetition; of a write nobody would know then how far it went. */
export const SILENCE: Silence = { reading: 5 * 60_000, writing: 15 * 60_000 }

/** When an adapter last showed that it is at work. */
export interface SignsOfWork {
  /** Notes a sign. @param rest milliseconds from now on in which none is to be expected */
  note(rest?: number): void
  /**
   * Calls `onSilent` once there was no sign for `limit` milliseconds from now on. What it gives back ends the watching. It
   * keeps no process alive.
   */
  watch(limit: number, onSilent: () => void): () => void
}

export function signsOfWork(clock: () => number = monotonic): SignsOfWork {
  let last = Number.NEGATIVE_INFINITY
  return {
    note: (rest = 0) => {
      last = Math.max(last, clock() + rest)
    },
    watch: (limit, onSilent) => {
      const start = clock()
      let timer: NodeJS.Timeout
      const look = (): void => {
        const left = Math.max(start, last) + limit - clock()
        if (left <= 0) onSilent()
        else timer = setTimeout(look, Math.ceil(left)).unref()
      }
      look()
      return () => clearTimeout(timer)
    },
  }
}

/** The calls, each of which is a sign that the adapter works: its requests, and its waits for a rate limit. */
export function notedCalls(open: OpenCalls, { note }: SignsOfWork): OpenCalls {
  return (credentials) => {
    const calls = open(credentials)
    return {
      begin: async (rest) => {
        await calls.begin((milliseconds, stop) => {
          note(milliseconds)
          return rest(milliseconds, stop)
        })
        note()
      },
      ended: (...given) => {
        note()
        calls.ended(...given)
      },
      waits: (seconds, isLimit) => {
        const isPatient = calls.waits(seconds, isLimit)
        if (isPatient) note(seconds * 1000)
        return isPatient
      },
      works: (...given) => {
        note()
        calls.works(...given)
      },
    }
  }
}
