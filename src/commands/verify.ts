import { existsSync } from 'node:fs'
import { MailsyncError } from '../../records/error.js'
import type { ExitCode } from '../exit-code.js'
import type { Shard } from '../fleet/shards/shard.js'
import type { Io } from '../io.js'
import { progressLine } from '../progress.js'
import { closeAll, openSession } from '../session.js'
import { internet, type Outside } from '../verify/ask/outside.js'
import { hasFailed, type VerifyReport } from '../verify/report.js'
import { askProviders } from '../verify/subjects/assigned-servers.js'
import { domainsOf, readDomain } from '../verify/subjects/domains-of.js'
import { type VerifyInput, verify } from '../verify/verify.js'
import { observedOptions } from './options/open-options.js'
import { identitiesIn } from './options/plan-options.js'
import { shardAlone } from './options/shard-alone.js'
import { type TellReport, tellReport } from './tell-report.js'

export interface VerifyOptions extends TellReport {
  readonly config: string
  /** Of the spec; all of them where neither is given. */
  readonly domains?: readonly string[] | undefined
  /** Any domains: those in no spec are looked at as DNS shows them. */
  readonly domain: readonly string[]
  /** `K/N`: only what is in the zones of this part. */
  readonly shard?: string | undefined
  /** `address[:port]` of the resolver that finds servers, or `root`; the system's without it. Further ones are compared. */
  readonly resolver: readonly string[]
  /** Ask the providers of the zones which name servers they gave them. */
  readonly providers: boolean
  readonly smtp: boolean
  readonly blocklists: boolean
  /** Judge a message of each domain. */
  readonly message: boolean
  /** File with identities of age, which open private keys that are encrypted. */
  readonly identity?: string | undefined
}

/** `mailsync verify`: asks as a receiver would, and says whether DNS is as the spec says. */
export async function verifyCommand(options: VerifyOptions, io: Io, outside: Outside = internet): Promise<ExitCode> {
  const shard = shardAlone({ shard: options.shard, named: [...options.domain, ...(options.domains ?? [])] }, io)
  const subjects = await subjectsOf(options, io)
  const attempted = options.providers ? await subjects.session?.tryConnect() : undefined
  const progress = progressLine(io, 'checking')
  try {
    const { resolver: resolvers, smtp, blocklists } = options
    const { today, signal } = io
    const message = options.message ? { now: io.now() } : undefined
    const identities = await identitiesIn(options.identity)
    const asking = subjects.session && attempted && askProviders(subjects.session.spec, attempted, signal)
    const run = {
      shard,
      resolvers,
      askProviders: asking,
      smtp,
      blocklists,
      message,
      identities,
      today,
      signal,
      onProgress: progress.update,
    }
    const report = await verify({ ...subjects, ...run }, outside)
    progress.end()
    await tellReport({ ...report, ...(await partOf(subjects, options, shard)) }, options, io)
    return hasFailed(report, shard !== undefined) ? 1 : 0
  } finally {
    progress.end()
    if (attempted) await closeAll(attempted.providers)
  }
}

/** What tells the report of a shard from those of others, for `merge`. */
async function partOf(
  { session }: Subjects,
  { config }: VerifyOptions,
  shard: Shard | undefined,
): Promise<Pick<VerifyReport, 'spec' | 'narrowed'>> {
  if (session === undefined || shard === undefined) return {}
  const { shardNarrowing } = await import('../fleet/shards/own-zones.js')
  return { spec: config, narrowed: [shardNarrowing(session, shard)] }
}

type Subjects = Pick<VerifyInput, 'session' | 'chosen' | 'foreign'>

/** Without a spec file, what is named with `--domain` is looked at as DNS shows it. */
async function subjectsOf(
  { config, domains = [], domain, resolver, providers }: VerifyOptions,
  io: Io,
): Promise<Subjects> {
  const named = domain.map((text) => readDomain('--domain ', text))
  if (named.length > 0 && domains.length === 0 && !existsSync(config)) {
    if (providers) throw new MailsyncError('usage', `--providers wants a spec, and there is no ${config}`)
    return { session: undefined, chosen: [], foreign: [...new Set(named)] }
  }
  const session = await openSession({ ...observedOptions({ config, resolver: resolver[0] }, io), online: providers })
  const known = new Set(session.spec.domains.map(({ name }) => name))
  return {
    session,
    chosen: [...new Set([...domainsOf(session.spec, config, domains), ...named.filter((name) => known.has(name))])],
    foreign: [...new Set(named.filter((name) => !known.has(name)))],
  }
}
