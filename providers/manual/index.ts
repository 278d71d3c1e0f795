import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { RRTYPES } from '../../records/rr/rdata.js'
import { MAX_TTL } from '../../records/rr/rrset.js'
import { type NamedServer, nameServerAt } from '../dns/client/named-server.js'
import { observeZone } from '../dns/client/observe-zone.js'
import { type PublicDns, publicDns } from '../dns/client/public-dns.js'
import type { DelegatedZone, NameServer } from '../dns/client/zone-finder.js'
import { RCODE } from '../dns/rcode.js'
import { DNS_PORT } from '../dns/server.js'
import type { ProviderPlugin } from '../provider.js'
import { connectManual, type Observe } from './connection.js'
import { type ManualOptions, schema } from './options.js'

/** A DNS provider without an API. */
export const plugin: ProviderPlugin<ManualOptions> = {
  type: 'manual',
  description: 'A DNS provider without an API: read by asking DNS, written by telling a person what to enter',
  optionDocs: [
    {
      name: 'servers',
      description:
        'the name servers to ask, ADDRESS[:PORT] or NAME[:PORT], a list (default: those that each zone is delegated to)',
    },
    {
      name: 'resolver',
      description:
        'ADDRESS[:PORT] of the resolver that finds them, or `root`: none, from the root down (default: the system’s)',
    },
    { name: 'port', default: String(DNS_PORT), description: 'the port at which the servers that are found are asked' },
  ],
  limits: [
    'Only the names and types that the spec and the memory of what is ours concern are seen; what else the zone has is not known.',
    'A TTL that differs is no step: many panels have one of their own.',
    'What mailsync owns is remembered in owned/<provider>/<zone>.yaml beside the spec: commit it.',
  ],
  traits: {
    types: RRTYPES,
    read: 'places',
    write: 'by-hand',
    memory: 'beside-the-spec',
    compareAndSwap: false,
    ttl: { min: 0, max: MAX_TTL },
  },
  options: (input) => schema.parse(input),
  connect: async ({ servers, resolver, port }) => {
    const dns = publicDns({ resolver, port })
    return connectManual(observing(dns, servers), dns.close)
  },
}

export default plugin

function observing(dns: PublicDns, servers: readonly NamedServer[] | undefined): Observe {
  let named: Promise<readonly NameServer[]> | undefined
  const zoneAt = async (zone: Name, signal: AbortSignal): Promise<DelegatedZone> => {
    if (!servers) return delegated(dns, zone, signal)
    named ??= Promise.all(servers.map((server) => nameServerAt(dns.resolver, server, signal)))
    return { zone, nameServers: await named }
  }
  return async (zone, questions, signal) => {
    const found = await zoneAt(zone, signal)
    try {
      return await observeZone(dns.client, found, questions, signal)
    } catch (error) {
      if (!(error instanceof MailsyncError)) throw error
      const told = await asNotServed(error, dns, found, signal)
      throw servers && told === error && error.code === 'unavailable' ? ofNamed(error) : told
    }
  }
}

async function delegated(dns: PublicDns, zone: Name, signal: AbortSignal): Promise<DelegatedZone> {
  const found = await dns.zones.find(zone, signal)
  if (found.zone === zone) return found
  throw new MailsyncError(
    'zone-not-found',
    `${zone} is no zone: no name server has it, and its name lies in ${found.zone}`,
    {
      where: { zone },
      hint: `declare the zone that the panel has; a new one is seen once it is delegated, or with servers: of the provider`,
    },
  )
}

/** No delegation led to servers that the spec names. */
function ofNamed({ code, message, where, cause }: MailsyncError): MailsyncError {
  const hint = 'see that the servers under servers: of the provider can be reached, and have the zone'
  return new MailsyncError(code, message, { where, hint, cause })
}

/** For servers that have just answered, if they answer at all. */
const AGAIN_MS = 2_000

/** Whether servers answer, and only do not have the zone. */
async function asNotServed(
  error: MailsyncError,
  { client }: PublicDns,
  { zone, nameServers }: DelegatedZone,
  signal: AbortSignal,
): Promise<MailsyncError> {
  if (error.code !== 'unavailable') return error
  const addresses = nameServers.flatMap((one) => one.addresses)
  const soon = AbortSignal.any([signal, AbortSignal.timeout(AGAIN_MS)])
  const answers = await Promise.all(
    addresses.map((address) =>
      client.ask(address, { name: zone, type: 'SOA' }, { signal: soon }).catch(() => undefined),
    ),
  )
  const isElsewhere = answers.every(
    (answer) => answer && (answer.rcode === RCODE.REFUSED || answer.rcode === RCODE.NOTAUTH || !answer.authoritative),
  )
  if (answers.length === 0 || !isElsewhere) return error
  return new MailsyncError('zone-not-found', error.message, {
    where: error.where,
    hint: 'see that the provider has the zone, and that it is delegated there; servers: names other servers to ask',
    cause: error,
  })
}
