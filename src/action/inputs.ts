import { getInput } from '@actions/core'
import { quoted } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import { PHASES, type Phase } from '../fleet/shards/phase.js'
import { MOST_SHARDS } from '../fleet/shards/shard.js'
import { secondsIn } from '../watch/watch-options.js'
import { inputFaults } from './input-faults.js'

const COMMANDS = ['plan', 'apply', 'shards', 'merge', 'rotate', 'spf-refresh', 'verify'] as const
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

/** Reads the inputs from the runner's `INPUT_…` variables. Throws `usage` with everything that is wrong with them. */
export function readInputs(): Inputs {
  const faults: string[] = []
  const flag = (name: string): boolean => {
    const text = getInput(name).toLowerCase()
    if (!['', 'true', 'false'].includes(text))
      faults.push(`${name} is ${quoted(text)}, which is neither true nor false`)
    return text === 'true'
  }
  const words = (name: string): string[] =>
    getInput(name)
      .split(/[\s,]+/)
      .filter((word) => word !== '')
  const named = getInput('command') || 'plan'
  const command = COMMANDS.find((one) => one === named)
  if (command === undefined) faults.push(`command is ${quoted(named)}; this version knows ${COMMANDS.join(', ')}`)
  const phaseName = getInput('phase')
  const phase = PHASES.find((one) => one === phaseName)
  if (phaseName !== '' && phase === undefined)
    faults.push(`phase is ${quoted(phaseName)}, and it is one of ${PHASES.join(', ')}`)
  const countText = getInput('shard-count')
  if (!/^(?:[1-9]\d{0,2})?$/.test(countText) || Number(countText) > MOST_SHARDS)
    faults.push(`shard-count is ${quoted(countText)}, and it is a number from 1 to ${MOST_SHARDS}`)
  const observe = getInput('observe') || 'api'
  if (observe !== 'api' && observe !== 'dns') faults.push(`observe is ${quoted(observe)}, which is neither api nor dns`)
  const log = getInput('log')
  if (log !== '' && log !== 'json') faults.push(`log is ${quoted(log)}, and it is json or nothing`)
  const time = (name: string): number | undefined => {
    const text = getInput(name)
    const found = text === '' ? undefined : secondsIn(text)
    if (text !== '' && found === undefined)
      faults.push(`${name} is ${quoted(text)}, and it is a time such as 90s, 30m or 4h`)
    return found
  }
  const parallel = getInput('parallel') || '8'
  if (!/^[1-9]\d{0,3}$/.test(parallel))
    faults.push(`parallel is ${quoted(parallel)}, and it is a whole number from 1 to 9999`)
  const resolvers = words('resolver')
  const inputs: Inputs = {
    command: command ?? 'plan',
    config: getInput('config') || 'mailsync.yaml',
    workingDirectory: getInput('working-directory') || '.',
    zones: words('zones'),
    shard: getInput('shard') || undefined,
    phase,
    shardCount: countText === '' ? undefined : Number(countText),
    plans: getInput('plans') || undefined,
    reports: getInput('reports') || undefined,
    planFile: getInput('plan-file') || undefined,
    since: getInput('since') || undefined,
    resolver: resolvers[0],
    resolvers,
    prove: flag('prove'),
    verify: flag('verify'),
    verifyWait: time('verify-wait'),
    wait: flag('wait'),
    online: flag('online'),
    parallel: Number(parallel),
    domains: words('domains'),
    providers: flag('providers'),
    smtp: flag('smtp'),
    blocklists: flag('blocklists'),
    message: flag('message'),
    observe: observe === 'dns' ? 'dns' : 'api',
    serials: getInput('serials') || undefined,
    isJsonLog: log === 'json',
    metrics: getInput('metrics') || undefined,
    maxWait: time('max-wait'),
    comment: flag('comment'),
    issue: flag('issue'),
    failOnDrift: flag('fail-on-drift'),
    adopt: flag('adopt'),
    force: flag('force'),
    token: getInput('github-token'),
  }
  faults.push(...inputFaults(inputs))
  if (faults.length === 0) return inputs
  throw new MailsyncError('usage', `inputs of the action: ${faults.join('; ')}`, {
    hint: 'correct them below `with:` in the workflow',
  })
}
