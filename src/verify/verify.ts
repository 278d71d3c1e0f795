import { resolverAt } from '../../providers/dns/client/resolver.js'
import { parseServer } from '../../providers/dns/server.js'
import type { Name } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import { compiledOffline } from '../compiled-offline.js'
import { zoneServers } from '../dkim/rotation/zone-servers.js'
import type { Shard } from '../fleet/shards/shard.js'
import type { SpecMailing } from '../prove/mailing.js'
import { specMailings } from '../prove/mailings.js'
import type { Session } from '../session.js'
import { askedOnce } from './ask/asked-once.js'
import type { Outside } from './ask/outside.js'
import { outboundProbe } from './ask/smtp/outbound.js'
import type { World } from './ask/world.js'
import { reportOf, type VerifyReport } from './report.js'
import { runChecks } from './run-checks.js'
import type { AskProviders } from './subjects/assigned-servers.js'
import { foundScope } from './subjects/found-scope.js'
import { privateHalves } from './subjects/private-halves.js'
import type { Scope } from './subjects/scope.js'
import { withServedExchanges } from './subjects/served-exchanges.js'
import { specScope } from './subjects/spec-scope.js'
import { type DnsView, dnsView } from './view/dns-view.js'
import { validation } from './view/validation.js'

export interface VerifyInput {
  /** The spec that DNS is compared with; absent where there is none. */
  readonly session: Session | undefined
  /** Chosen domains of the spec; all of them where none is and `foreign` is empty. */
  readonly chosen: readonly Name[]
  /** The part of the zones of the spec that is looked at, with the domains in them; all without it. */
  readonly shard?: Shard | undefined
  /** Domains that are in no spec. */
  readonly foreign: readonly Name[]
  /** The first finds servers, and each is asked what it has of the spec; none: those of the system. */
  readonly resolvers: readonly string[]
  /** What name servers the providers gave a zone of the spec; absent where they are not to be asked. */
  readonly askProviders?: AskProviders | undefined
  /** Talk to mail servers. */
  readonly smtp: boolean
  /** Ask block lists. */
  readonly blocklists: boolean
  /** Judge a message of each domain of the spec, made `now` (seconds since 1970). */
  readonly message?: { readonly now: number } | undefined
  /** Identities of age, which open private keys that are encrypted. */
  readonly identities?: readonly string[]
  /** Whether the name servers are asked for an RRset of the spec; for all of them without it. */
  readonly isCompared?: (rrset: RRset) => boolean
  /** `YYYY-MM-DD`. */
  readonly today: string
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Web servers that are asked at the same time. */
const WEB_SERVERS = 64
/** Each may be a process. */
const VALIDATIONS = 16

/** Asks as receivers do, and judges what is there. Throws `usage` for a resolver that is none, and `cancelled`. */
export async function verify(input: VerifyInput, outside: Outside): Promise<VerifyReport> {
  const { session, chosen, foreign, resolvers, identities = [], signal } = input
  const dns = outside.openDns(resolvers[0])
  try {
    const compiled = session && compiledOffline(session)
    const ours = new Map([...(compiled?.zones.keys() ?? []), ...foreign].map((name) => [name, true]))
    const servers = zoneServers(session?.spec ?? { zones: new Map() }, dns)
    const view = dnsView({ dns, ours, servers, signal })
    const smtp = input.smtp ? outside.smtp : undefined
    const world: World = {
      dns: view,
      resolvers: resolvers
        .filter((text) => text !== 'root')
        .map((text) => ({ text, ...resolverAt(dns.client, [parseServer(text)]) })),
      fetchPolicy: askedOnce(outside.fetchPolicy, { keyOf: (host) => host, parallel: WEB_SERVERS }),
      validate: askedOnce(validation({ dns, isNamed: resolvers.length > 0, delv: outside.delv, signal }), {
        keyOf: (name, type) => `${name} ${type}`,
        parallel: VALIDATIONS,
      }),
      ...(input.askProviders && { askProviders: input.askProviders }),
      ...(smtp && { smtp }),
      portIsBlocked: outboundProbe(view, smtp, signal),
      blocklists: input.blocklists,
      signal,
    }
    const scopes: Scope[] = []
    if (session && compiled && (chosen.length > 0 || foreign.length === 0)) {
      const privateHalfOf = await privateHalves(session.keysDirectory, session.keys, identities)
      const isOwn = input.shard && (await import('../fleet/shards/own-zones.js')).ownZones(session, input.shard)
      const ofSpec = specScope({ spec: session.spec, compiled, chosen, isOwn, privateHalfOf })
      const mailings = await messagesOf(session, ofSpec, input, view)
      const scope = await withServedExchanges(ofSpec, compiled.input.hosts, view)
      scopes.push({ ...scope, records: compared(scope.records, input), mailings })
    }
    if (foreign.length > 0) scopes.push(await foundScope(foreign, view, input.today))
    const scope = joined(scopes)
    return reportOf(scope, await runChecks(scope, world, input.onProgress))
  } finally {
    dns.close()
  }
}

function compared(records: Scope['records'], { isCompared }: VerifyInput): Scope['records'] {
  if (isCompared === undefined) return records
  return new Map([...records].map(([zone, list]) => [zone, list.filter(({ rrset }) => isCompared(rrset))]))
}

async function messagesOf(
  session: Session,
  { domains }: Scope,
  { message, identities = [] }: VerifyInput,
  { spf }: Pick<DnsView, 'spf'>,
): Promise<readonly SpecMailing[]> {
  if (message === undefined || domains.length === 0) return []
  const chosen = domains.map(({ name }) => name)
  const place = { directory: session.keysDirectory, identities }
  return (await specMailings(session, chosen, place, message.now, [spf])).mailings
}

function joined(scopes: readonly Scope[]): Scope {
  const zones = new Map(scopes.flatMap((scope) => scope.zones.map((zone) => [zone.name, zone] as const)))
  return {
    domains: scopes.flatMap((scope) => scope.domains),
    hosts: scopes.flatMap((scope) => scope.hosts),
    zones: [...zones.values()],
    records: new Map(scopes.flatMap((scope) => [...scope.records])),
    mailings: scopes.flatMap(({ mailings = [] }) => mailings),
  }
}
