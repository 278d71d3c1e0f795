import { RRTYPES } from '../../records/rr/rdata.js'
import type { ProviderPlugin } from '../provider.js'
import { connectPowerdns } from './connection.js'
import { unsupportedName } from './convert.js'
import { optionDocs, type PowerdnsOptions, parseOptions } from './options.js'

/** PowerDNS over its HTTP API (verified with 4.7.3 and 5.1.5, 2026-11). */
export const plugin: ProviderPlugin<PowerdnsOptions> = {
  type: 'powerdns',
  description: 'PowerDNS Authoritative Server over its HTTP API',
  optionDocs,
  permissions: 'the API key of the server; it may do all that the API can',
  limits: [
    'All changes of a zone are one transaction; more than 1 MiB of them are split.',
    'The API cannot compare and swap: the zone is listed once more right before it is written.',
    'From 4.9.12 and 5.0.2 on, values are added and removed one by one (EXTEND, PRUNE), so that what somebody adds to the record at that moment stays. A new TTL, a record with disabled values, and older servers replace the whole record.',
    'Secondary zones, and the catalogs of Producer and Consumer, are seen and never written. Disabled records are kept.',
    'The serial moves as SOA-EDIT-API of the zone says; `providers --check` tells where it does not.',
    'Comments and metadata stay. An owner name with other characters than letters, digits, `-`, `_`, `*` and `/` is refused by PowerDNS.',
    'The API key is sent over https, or to this machine itself; plain http to another is refused, and no redirect is followed.',
  ],
  traits: {
    types: RRTYPES,
    write: 'atomic',
    compareAndSwap: false,
    ttl: { min: 0, max: 2 ** 31 - 1 },
  },
  options: parseOptions,
  rejects: ({ name }) => unsupportedName(name),
  connect: async (options, { calls }) =>
    connectPowerdns(options, { calls: calls?.(`${options.host} ${options.apiKey}`) }),
}

export default plugin
