import type { EndedCall } from '../../providers/calls/calls.js'

interface ZonePlace {
  readonly zone: string
  readonly provider: string
}

/** RRsets by what happens to them; what is written to remember who owns what does not count. */
export interface ChangeCounts {
  readonly create: number
  readonly update: number
  readonly delete: number
}

/**
 * What happens in a run, in the order in which it happens: the lines of `--log json`, and what `--metrics` counts. The names
 * are a promise: new events and members may come, none goes or changes its meaning. `seconds` are how long it took.
 */
export type RunEvent =
  | { readonly event: 'run.start'; readonly version: string; readonly command: string; readonly config: string }
  | {
      readonly event: 'spec.loaded'
      readonly config: string
      readonly zones: number
      readonly domains: number
      readonly hosts: number
      readonly seconds: number
    }
  /** A zone was read whole, or what concerns the spec of it. */
  | (ZonePlace & { readonly event: 'zone.read'; readonly rrsets: number; readonly seconds: number })
  /** What would change there: nothing, as a rule. */
  | (ZonePlace & ChangeCounts & { readonly event: 'zone.planned' })
  /** One request to a provider has ended, repeated or not. */
  | ({ readonly event: 'call'; readonly provider: string } & EndedCall)
  /** A request is the repetition of one that came to nothing; `call` follows. */
  | { readonly event: 'retry'; readonly provider: string; readonly what: string; readonly attempt: number }
  /** The run waits from now on for a rate limit. */
  | { readonly event: 'rate-limit.wait'; readonly provider: string; readonly seconds: number }
  /** The provider is still at work on what a call began, looked at again and again; `percent` where it tells how far it is. */
  | { readonly event: 'action.wait'; readonly provider: string; readonly what: string; readonly percent?: number }
  /** The run needs more calls than the limits of a provider let it make at once; `seconds` is about how long it waits for them. */
  | {
      readonly event: 'budget'
      readonly provider: string
      readonly calls: number
      readonly limit: number
      readonly window: number
      /** How many runs share them evenly, where there is more than this one. */
      readonly share?: number
      readonly left?: number
      /** Milliseconds since 1970. */
      readonly until?: number
      readonly seconds: number
    }
  | (ZonePlace & ChangeCounts & { readonly event: 'write.start' })
  /** What of a write is done; `uncertain` RRsets may be. `failure` is the code of what stopped it. */
  | (ZonePlace &
      ChangeCounts & {
        readonly event: 'write.done'
        readonly uncertain: number
        readonly failure?: string
        readonly seconds: number
      })
  /** A long part of the run has ended: `reading zones`, `writing zones`, `proving mailings` … */
  | { readonly event: 'phase.end'; readonly phase: string; readonly seconds: number }
  | {
      readonly event: 'failure'
      readonly zone?: string
      readonly provider?: string
      readonly code: string
      /** `mailsync.yaml:12:3` */
      readonly where?: string
      readonly message: string
      readonly hint?: string
    }
  /** Somebody stops the run: what is being written is finished first. */
  | { readonly event: 'run.stopping' }
  /** What people would be told on stderr. */
  | { readonly event: 'message'; readonly text: string }
  | ({ readonly event: 'run.end'; readonly exit: number; readonly seconds: number } & RunCounts)

/** What a run came to. */
export interface RunCounts {
  /** Zones that were compared with the spec, and those of them that failed. */
  readonly zones: number
  readonly failed: number
  /** RRsets that were written. */
  readonly changes: ChangeCounts
  /** RRsets that are not as the spec says when the run ends. */
  readonly pending: number
  readonly calls: number
  readonly retries: number
  /** Seconds that were waited for rate limits, by all calls together. */
  readonly waited: number
}
