import { MailsyncError } from '../../records/error.js'
import type { RRset } from '../../records/rr/rrset.js'
import { connectionsTo } from '../dns/connections.js'
import type { Provider, ProviderPlugin } from '../provider.js'
import { batchesOf, isTooLarge } from './batches.js'
import { checkZone } from './check.js'
import { parseOptions, type Rfc2136Options } from './options.js'
import { rrsetOf, transferOver } from './transfer.js'
import { writeChanges } from './write.js'

/**
 * DNS UPDATE (RFC 2136) and zone transfer (RFC 5936), signed with TSIG (RFC 8945), over TCP. A read is one AXFR, a write
 * one UPDATE whose prerequisites are the RRsets as they were planned. Reads share connections, a write has its own, and
 * nothing else is remembered between them.
 */
export const plugin: ProviderPlugin<Rfc2136Options> = {
  type: 'rfc2136',
  description: 'BIND, Knot, PowerDNS and other servers that take DNS UPDATE (RFC 2136) signed with TSIG',
  optionDocs: [
    { name: 'host', required: true, description: 'name or address of the primary server' },
    { name: 'port', default: '53', description: 'its TCP port' },
    { name: 'key_name', description: 'name of the TSIG key; without one, messages are not signed' },
    { name: 'key_secret', secret: true, description: 'secret of the TSIG key, base64; mostly env/NAME' },
    {
      name: 'key_algorithm',
      default: 'hmac-sha256',
      description: 'hmac-sha256, hmac-sha224, hmac-sha384 or hmac-sha512',
    },
    { name: 'timeout', default: '15', description: 'seconds of silence after which the server is given up' },
    { name: 'ipv6', default: 'false', description: 'use only the IPv6 addresses of the host name' },
  ],
  limits: [
    'The key needs the right to transfer the zone as well as to update it.',
    'The protocol cannot list zones: name them in the spec instead of `*`.',
    'The server compares values, not TTLs: a TTL that somebody else changes after the plan is not noticed.',
    'More than 65,535 octets of changes in a zone take several messages, each of them all or nothing.',
    'Messages are signed, not encrypted; DNS over TLS is not supported.',
  ],
  traits: {
    types: ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'TXT'],
    write: 'atomic',
    compareAndSwap: true,
    ttl: { min: 0, max: 2 ** 31 - 1 },
  },
  options: parseOptions,
  rejects: (rrset) =>
    isTooLarge(rrset.name, [{ kind: 'create', after: rrset }], undefined)
      ? 'its values are more than the 65,535 octets of a DNS message'
      : undefined,
  connect: async (server) => connectServer(server),
}

export default plugin

function connectServer(server: Rfc2136Options): Provider {
  const connections = connectionsTo(server)
  return {
    zones: async () => {
      throw new MailsyncError('rejected', 'a DNS server cannot be asked for its zones (RFC 2136, AXFR)', {
        hint: 'name the zones in the spec instead of `*`',
      })
    },
    read: async (zone, signal): Promise<RRset[]> => {
      const sets = await connections
        .use(signal, (connection) => transferOver(connection, server, zone, signal))
        .catch((error: unknown) => {
          throw error instanceof MailsyncError ? error.at({ zone }) : error
        })
      return [...sets.values()].map((set) => rrsetOf(server, set))
    },
    write: (zone, changes, signal) => writeChanges(server, zone, changes, signal),
    batches: (zone, changes) => batchesOf(zone, changes, server.key).length,
    check: (zone, signal) => checkZone(server, zone, signal),
    close: async () => connections.close(),
  }
}
