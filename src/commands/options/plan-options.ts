import { MailsyncError } from '../../../records/error.js'
import type { Connected } from '../../connect/connect.js'
import { readShard } from '../../fleet/shards/shard.js'
import type { Everything, Since } from '../../fleet/since/open-since.js'
import type { OpenObserver } from '../../fleet/through-dns/open-observer.js'
import type { Io } from '../../io.js'
import { type Made, makePlan } from '../../plan/make-plan.js'
import type { Plan } from '../../plan/plan.js'
import type { PlanInput } from '../../plan/plan-input.js'
import { readSelection } from '../../plan/select.js'
import { progressLine } from '../../progress.js'
import type { PlannedWith } from '../../prove/prove-plan.js'
import type { Session } from '../../session.js'

/** What `plan` and `apply` share. */
export interface RunOptions {
  readonly config: string
  readonly zone: readonly string[]
  readonly domain: readonly string[]
  /** `K/N`. */
  readonly shard?: string | undefined
  readonly parallel: number
  /** `address[:port]` of the resolver that reverse names are looked up at, or `root`; the system's without it. */
  readonly resolver?: string | undefined
  /** Where zones are read first; `dns`: at their name servers, and at the provider only where they are not as wanted. */
  readonly observe?: 'api' | 'dns' | undefined
  /** File that keeps SOA serials, for `dns`. */
  readonly serials?: string | undefined
  /** The revision of git that zones have to differ from to be looked at; or why it is known already that all are. */
  readonly since?: string | Since | Everything | undefined
  /** False: DNS is not asked which reverse names others have set. */
  readonly dns: boolean
}

/** How a plan is proven. */
export interface ProofOptions {
  /** Judge mail as receivers do, by DNS as it is and as it will be. */
  readonly prove: boolean
  /** File with identities of age, which open private keys that are encrypted. */
  readonly identity?: string | undefined
}

/** Plans for a session, with progress on stderr. */
export async function planFor(
  session: Session,
  providers: ReadonlyMap<string, Connected>,
  options: RunOptions & { readonly withLed?: boolean },
  io: Io,
): Promise<Made> {
  const shard = options.shard === undefined ? undefined : readShard(options.shard)
  if (shard) io.watch.shareAccounts(shard.count)
  const observer = await observerFor(session, options, io)
  const progress = progressLine(io, 'reading zones')
  try {
    const made = await makePlan({
      ...session,
      ...(await narrowing(session, options, io)),
      providers,
      selection: {
        ...readSelection(session.spec, options.zone, options.domain),
        ...(shard && { shard: { ...shard, ...(options.withLed && { withLed: true }) } }),
      },
      today: io.today,
      parallel: options.parallel,
      signal: io.signal,
      ...(options.dns && {
        openReverseDns: async () =>
          (await import('../../hosts/reverse/reverse-dns.js')).reverseDns({
            resolver: options.resolver,
            signal: io.signal,
          }),
      }),
      ...(observer && { observer }),
      onProgress: progress.update,
    })
    return observer ? { ...made, plan: await observer.finish(made.plan) } : made
  } finally {
    progress.end()
    observer?.close()
  }
}

async function observerFor(
  { spec }: Session,
  { observe, serials, resolver }: RunOptions,
  { env, signal, now }: Io,
): Promise<OpenObserver | undefined> {
  if (observe === 'dns')
    return (await import('../../fleet/through-dns/open-observer.js')).openObserver({
      spec,
      resolver,
      serials,
      env,
      signal,
      now: now(),
    })
  if (serials === undefined) return undefined
  throw new MailsyncError('usage', '--serials goes with --observe dns', {
    hint: 'by the API a zone is read whole, whatever its serial',
  })
}

/** What a run leaves out since a revision; the problem of the plan where it can leave out nothing. */
async function narrowing(
  session: Session,
  { since: revision }: RunOptions,
  { env, signal }: Io,
): Promise<Pick<PlanInput, 'since' | 'problems'>> {
  const { problems } = session
  if (revision === undefined) return { problems }
  const { openSince } = await import('../../fleet/since/open-since.js')
  const since = typeof revision === 'string' ? await openSince(revision, session, { env, signal }) : revision
  return 'everything' in since ? { problems: [...problems, since.everything] } : { problems, since }
}

/** The plan with its proof. */
export async function provenFor(
  made: PlannedWith,
  session: Session,
  providers: ReadonlyMap<string, Connected>,
  { identity, domain, resolver }: Pick<RunOptions & ProofOptions, 'domain' | 'resolver' | 'identity'>,
  io: Io,
): Promise<Plan> {
  const { provenPlan } = await import('../../prove/prove-plan.js')
  return provenPlan(made, session, providers, { domain, resolver, identities: await identitiesIn(identity) }, io)
}

/** The plan with what receivers see before it is carried out. */
export async function verifiedFor(
  plan: Plan,
  session: Session,
  { identity, domain, shard, resolver }: Pick<RunOptions & ProofOptions, 'domain' | 'shard' | 'resolver' | 'identity'>,
  io: Io,
): Promise<Plan> {
  const { verifiedPlan } = await import('../../verify/verify-plan.js')
  const part = shard === undefined ? undefined : readShard(shard)
  return verifiedPlan(plan, session, { domain, shard: part, resolver, identities: await identitiesIn(identity) }, io)
}

/** Those in a file; none without one. */
export async function identitiesIn(file: string | undefined): Promise<readonly string[]> {
  return file === undefined ? [] : (await import('../../dkim/keystore/private/age.js')).readIdentities(file)
}
