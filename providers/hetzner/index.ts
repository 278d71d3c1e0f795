import { RRTYPES } from '../../records/rr/rdata.js'
import { addressSide } from '../addresses/address-plugin.js'
import type { ProviderPlugin } from '../provider.js'
import { hetznerAddresses } from './addresses.js'
import { hetznerClient } from './client.js'
import { connectHetzner } from './connection.js'
import { type HetznerOptions, optionDocs, parseOptions } from './options.js'

/** Hetzner DNS over the Hetzner Cloud API v1 (docs.hetzner.cloud/reference/cloud, read 2026-11). */
export const plugin: ProviderPlugin<HetznerOptions> = {
  type: 'hetzner',
  description: 'Hetzner DNS, in the Hetzner Console',
  optionDocs,
  limits: [
    'Each RRset is written on its own; values and TTL of one are two calls. A call is an action, which is waited for.',
    'Beside values of others, values are added and removed one by one. An SPF there is removed before the new one is added, as two are an error.',
    'The API cannot compare and swap: the zone is listed right before it is written, and what stands at a name right before all of it is overwritten.',
    'A TTL is at least 60 seconds. An RRset without one of its own has the zone’s default, and keeps it until its TTL changes.',
    'RRsets with change protection are seen and never written. Secondary zones cannot be read.',
    'A project has 3,600 requests an hour. Once they are used up, a run goes on at the pace at which they come back, for as long as --max-wait lets it.',
  ],
  traits: {
    types: RRTYPES,
    write: 'per-rrset',
    compareAndSwap: false,
    ttl: { min: 60, max: 2 ** 31 - 1 },
  },
  permissions: 'an API token with Read & Write of the project that holds the zones; Read is enough for a plan',
  rate: { calls: 3600, seconds: 3600, refills: true },
  options: parseOptions,
  connect: async (options, context) => connectHetzner(options, context, { calls: context.calls?.(options.token) }),
  addressOwner: addressSide({
    description: 'Hetzner Cloud: the PTRs of servers, Primary IPs and Floating IPs',
    permissions: 'an API token with Read & Write of the project that has the addresses; Read is enough for a plan',
    limits: [
      'Each address of an IPv6 network has a PTR of its own. A call is an action, which is waited for.',
      'Addresses of dedicated servers are of `class: hetzner-robot`.',
    ],
    source: ({ token }, wait, { calls }) => hetznerAddresses(hetznerClient(token, { calls: calls?.(token) }), wait),
  }),
}

export default plugin
