import type { Phase } from '../fleet/shards/phase.js'

export const COMMANDS = ['plan', 'apply', 'shards', 'merge', 'rotate', 'spf-refresh', 'verify'] as const
export type Command = (typeof COMMANDS)[number]

/** What the workflow asks for: the inputs of action.yml. */
export interface Inputs {
  readonly command: Command
  readonly config: string
  readonly workingDirectory: string
  readonly zones: readonly string[]
  /** plan, apply, verify, rotate: `K/N`. */
  readonly shard: string | undefined
  /** apply. */
  readonly phase: Phase | undefined
  /** shards: how many; by the zones to be read without it. */
  readonly shardCount: number | undefined
  /** merge: the folder that the plans of the shards are in. */
  readonly plans: string | undefined
  /** merge: the folder that the reports of `verify` are in. */
  readonly reports: string | undefined
  /** plan, merge: where to save; apply: what to carry out; shards: the merged plan that they have to write. */
  readonly planFile: string | undefined
  /** plan, apply: only what differs from this revision of git; `push`: from what was there before the push. */
  readonly since: string | undefined
  /** rotate, spf-refresh, and plan and apply that prove or observe DNS: `address[:port]` or `root`; the runner's own without it. */
  readonly resolver: string | undefined
  /** verify: that one and further ones, whose answers are compared. */
  readonly resolvers: readonly string[]
  /** plan, apply: judge mail as receivers do, by DNS as it is and as it will be. */
  readonly prove: boolean
  /** plan: what receivers see now; apply: wait until every name server answers with what the spec wants. */
  readonly verify: boolean
  /** apply: seconds for that. */
  readonly verifyWait: number | undefined
  /** apply: wait until the providers say that their name servers answer with it. */
  readonly wait: boolean
  /** plan: ask DNS for the SPF of others, and whether zones with TLSA are signed. */
  readonly online: boolean
  /** plan, apply: zones of one account that are read or written at the same time. */
  readonly parallel: number
  /** plan, apply, verify: only these of the spec. */
  readonly domains: readonly string[]
  /** verify: ask the providers which name servers they gave each zone. */
  readonly providers: boolean
  /** verify: talk to the mail servers. */
  readonly smtp: boolean
  /** verify: ask DNS block lists. */
  readonly blocklists: boolean
  /** verify: judge a message of each domain. */
  readonly message: boolean
  /** plan, apply: where zones are read first. */
  readonly observe: 'api' | 'dns'
  /** plan, apply: the file that keeps SOA serials from run to run. */
  readonly serials: string | undefined
  /** Events go to stderr as lines of JSON. */
  readonly isJsonLog: boolean
  /** The file of the metrics. */
  readonly metrics: string | undefined
  /** plan, apply: seconds that an account may wait for its rate limit. */
  readonly maxWait: number | undefined
  readonly comment: boolean
  readonly issue: boolean
  readonly failOnDrift: boolean
  readonly adopt: boolean
  readonly force: boolean
  /** Empty where the workflow takes it away. */
  readonly token: string
}
