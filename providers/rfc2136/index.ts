import { resolve } from 'node:path'
import { RRTYPES } from '../../records/rr/rdata.js'
import { serverText } from '../dns/server.js'
import type { ProviderPlugin } from '../provider.js'
import { isTooLarge } from './batches.js'
import { connectServer } from './connection.js'
import { parseOptions, type Rfc2136Options } from './options.js'

/**
 * DNS UPDATE (RFC 2136) and zone transfer (RFC 5936), signed with TSIG (RFC 8945), over TCP. A read is one AXFR, a write
 * one UPDATE whose prerequisites are the RRsets as they were planned. Reads and writes share connections, and
 * nothing else is remembered between them, but copies of zones where the user wants them.
 */
export const plugin: ProviderPlugin<Rfc2136Options> = {
  type: 'rfc2136',
  description: 'BIND, Knot, PowerDNS and other servers that take DNS UPDATE (RFC 2136) signed with TSIG',
  optionDocs: [
    { name: 'host', required: true, description: 'name or address of the primary server' },
    { name: 'port', default: '53', description: 'its TCP port' },
    {
      name: 'key_name',
      usual: 'mailsync.',
      description: 'name of the TSIG key; without one, messages are not signed',
    },
    {
      name: 'key_secret',
      secret: true,
      usual: 'env/TSIG_SECRET',
      description: 'secret of the TSIG key, base64; mostly env/NAME',
    },
    {
      name: 'key_algorithm',
      default: 'hmac-sha256',
      description: 'hmac-sha256, hmac-sha224, hmac-sha384 or hmac-sha512',
    },
    { name: 'timeout', default: '15', description: 'seconds of silence after which the server is given up' },
    {
      name: 'cache',
      description:
        'folder for copies of the zones, relative to the spec file: a zone with the same serial is not transferred again, of another only what has changed (IXFR)',
    },
    { name: 'ipv6', default: 'false', description: 'use only the IPv6 addresses of the host name' },
  ],
  permissions: 'a TSIG key, or an address, that the server lets transfer the zone and update it',
  limits: [
    'The key needs the right to transfer the zone as well as to update it.',
    'The protocol cannot list zones: name them in the spec instead of `*`.',
    'The server compares values, not TTLs: a TTL that somebody else changes after the plan is not noticed.',
    'More than 65,535 octets of changes in a zone take several messages, each of them all or nothing.',
    'An RRset that is too large to be compared in one message, over some 30,000 octets, is edited value by value: it is read just before, and the server compares no more than that it is there.',
    'PowerDNS takes TXT values that differ only in case for one: an RRset with two such values cannot be changed there.',
    'With `cache`, a zone that got other records under the same serial (a backup that was restored) is believed to be as it was until a write meets it, or for four to seven days; delete the folder then.',
    'A transfer of more than 256 MiB, two million records or an hour is given up.',
    'Messages are signed, not encrypted; DNS over TLS is not supported.',
  ],
  traits: {
    types: RRTYPES,
    write: 'atomic',
    compareAndSwap: true,
    inDns: 'with-serial',
    ttl: { min: 0, max: 2 ** 31 - 1 },
  },
  options: parseOptions,
  rejects: (rrset) => (isTooLarge(rrset) ? 'its values are more than the 65,535 octets of a DNS message' : undefined),
  connect: async ({ cache, ...options }, { directory, within, calls }) => {
    const server = { ...options, calls: calls?.(serverText(options)) }
    if (cache === undefined) return connectServer(server)
    const { zoneCopies } = await import('./copy/zone-copies.js')
    return connectServer(server, await zoneCopies(resolve(directory, cache), server, within))
  },
}

export default plugin
