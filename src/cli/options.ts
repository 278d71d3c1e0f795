import { MailsyncError } from '../../records/error.js'
import { PHASES } from '../fleet/shards/phase.js'
import { durationOption } from '../watch/watch-options.js'

/*
 * The options of the commands that run most, as yargs describes them and as readPlainLine takes them.
 */

/** An option that may be given several times and takes one value each time, so that it never swallows what follows. */
export const repeatable = {
  type: 'string',
  requiresArg: true,
  coerce: (value?: string | string[]) => [value ?? []].flat(),
  default: [],
} as const

/** A whole number from 1. */
export function positive(value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new MailsyncError('usage', '--parallel takes a whole number from 1')
}

/** A whole number of seconds from 0. */
function seconds(option: string): (value: number | undefined) => number | undefined {
  return (value) => {
    if (value === undefined || (Number.isInteger(value) && value >= 0)) return value
    throw new MailsyncError('usage', `--${option} takes a whole number of seconds`)
  }
}

/** @param which `the resolver to ask`, or what else it is for */
export function resolverOption(which: string) {
  return {
    type: 'string',
    describe: `address[:port] of ${which}, or root: none, from the root down; default: the system’s`,
  } as const
}

export const CONFIG = {
  alias: 'c',
  type: 'string',
  default: 'mailsync.yaml',
  describe: 'the spec',
  global: true,
} as const

/** What every command takes. */
export const GLOBAL_OPTIONS = {
  config: CONFIG,
  log: {
    choices: ['json'],
    describe: 'tell what happens on stderr as lines of JSON, one an event, in place of words and progress',
    global: true,
  },
  metrics: {
    type: 'string',
    describe: 'write OpenMetrics into this file when the run has ended, for a node exporter',
    global: true,
  },
} as const

export const TEXT_OR_JSON = {
  choices: ['text', 'json'],
  default: 'text',
  describe: 'form of what is printed on stdout',
} as const

/** Of commands that look at every name server of a zone. */
export const SERVER_FINDER = resolverOption('the resolver that finds the name servers')

export const PARALLEL = {
  type: 'number',
  default: 8,
  describe: 'zones of one account read or written at the same time',
  coerce: positive,
} as const

export const SHARD = {
  type: 'string',
  describe: 'only the K-th of N parts of the zones, K/N, as `mailsync shards` deals them out: the same zones each time',
} as const

const RUN_OPTIONS = {
  zone: { alias: 'z', ...repeatable, describe: 'only this zone (repeatable)' },
  domain: { alias: 'd', ...repeatable, describe: 'only this mail domain and its hosts; deletes nothing (repeatable)' },
  shard: SHARD,
  since: {
    type: 'string',
    requiresArg: true,
    describe: 'only zones whose records the spec means otherwise than in this revision of git',
  },
  parallel: PARALLEL,
  'max-wait': {
    type: 'string',
    describe: 'how long to wait for rate limits altogether; a run that needs longer does not begin; default: 1h',
    coerce: durationOption('max-wait'),
  },
  observe: {
    choices: ['api', 'dns'],
    default: 'api',
    describe:
      'where zones are read first; dns: at their name servers, and only those that are not as wanted by the API',
  },
  serials: {
    type: 'string',
    describe: 'file that keeps SOA serials for --observe dns: a zone whose serial stayed is not looked at again',
  },
  dns: {
    type: 'boolean',
    default: true,
    describe: 'look up whether reverse names in no zone of the spec are set; --no-dns does not',
  },
} as const

const PROVE = {
  type: 'boolean',
  default: false,
  describe:
    'judge mail of each domain as receivers do, by DNS now and as it will be; refuse what would break mail that passes',
} as const

export const IDENTITY = {
  type: 'string',
  describe: 'file with an identity of age, which opens private keys that are encrypted',
} as const

/** How a plan is told. */
export const TELL_OPTIONS = {
  format: {
    choices: ['text', 'json', 'markdown', 'html'],
    default: 'text',
    describe: 'form of the plan on stdout',
  },
  out: { alias: 'o', type: 'string', describe: 'save the plan for `apply FILE`' },
  verbose: {
    alias: 'v',
    type: 'boolean',
    default: false,
    describe: 'show long values in full, and values that stay',
  },
  'detailed-exitcode': {
    type: 'boolean',
    default: false,
    describe: 'exit with 2 when changes are pending, or steps are yours to do',
  },
} as const

export const PLAN_OPTIONS = {
  ...RUN_OPTIONS,
  ...TELL_OPTIONS,
  prove: PROVE,
  verify: {
    type: 'boolean',
    default: false,
    describe: 'ask DNS as receivers do, as `mailsync verify` does, and show with the plan what they see now',
  },
  identity: IDENTITY,
  online: {
    type: 'boolean',
    default: false,
    describe: 'ask DNS what the SPF of others costs, and whether it can be evaluated',
  },
  resolver: resolverOption('the resolver that --online, --prove, --verify, --observe and reverse names ask'),
} as const

export const APPLY_OPTIONS = {
  format: TEXT_OR_JSON,
  ...RUN_OPTIONS,
  resolver: resolverOption('the resolver that --prove, --verify, --observe and reverse names ask'),
  prove: PROVE,
  identity: IDENTITY,
  yes: { alias: 'y', type: 'boolean', default: false, describe: 'do not ask' },
  adopt: { type: 'boolean', default: false, describe: 'replace values that mailsync did not write' },
  phase: {
    choices: PHASES,
    describe:
      'with --shard: first, what other shards lead to; rest, all but what they may still lead to (default); last, all',
  },
  force: { type: 'boolean', default: false, describe: 'delete more than 30 % of what is owned in a zone' },
  'forward-wait': {
    type: 'number',
    describe: 'seconds to wait for the A or AAAA of a name, where a provider sets a PTR only after it; default: 120',
    coerce: seconds('forward-wait'),
  },
  wait: {
    type: 'boolean',
    default: false,
    describe: 'wait until the provider’s name servers answer with it (Route 53)',
  },
  verify: {
    type: 'boolean',
    default: false,
    describe: 'wait until every name server answers with what the spec wants, or say which does not',
  },
  'verify-wait': {
    type: 'number',
    describe: 'seconds that --verify waits; default: 300',
    coerce: seconds('verify-wait'),
  },
} as const
