import { RRTYPES } from '../../records/rr/rdata.js'
import type { ProviderPlugin } from '../provider.js'
import { connectCloudflare } from './connection.js'
import { canonicalizeTtl, rejects } from './limits.js'
import { type CloudflareOptions, optionDocs, parseOptions } from './options.js'

/** Cloudflare DNS over its v4 API and SDK 7 (verified 2026-11). */
export const plugin: ProviderPlugin<CloudflareOptions> = {
  type: 'cloudflare',
  description: 'Cloudflare DNS',
  optionDocs,
  permissions: 'an API token with Zone:Read and DNS:Edit on the zones; DNS:Read is enough for a plan',
  limits: [
    'All changes of a zone are one transaction, up to 200 records on the Free plan and 3,500 on paid ones; more are split.',
    'The API cannot compare and swap: the zone is listed once more right before it is written.',
    'A TTL is 60 to 86,400 seconds, or 1 for automatic, which is 300; the 30 seconds of Enterprise zones are kept, not written anew.',
    'TXT: not empty, no line breaks, 4,096 octets a value, 8,192 characters a name.',
    'A user has 1,200 calls in 5 minutes, over all tokens. How many are left is read from every reply; a run waits for the next window, for as long as --max-wait lets it.',
    'Plain http: as CLOUDFLARE_BASE_URL is refused but for this machine itself, and no redirect is followed.',
    'Proxied, flattened and read-only (Email Routing) records are seen and never written.',
  ],
  traits: {
    types: RRTYPES,
    write: 'atomic',
    compareAndSwap: false,
    ttl: { min: 1, max: 86_400 },
  },
  rate: { calls: 1200, seconds: 300 },
  options: parseOptions,
  canonicalize: canonicalizeTtl,
  rejects,
  exceptions: { rejects: { 'a TXT value of 0 octets': { 't.example.com. TXT': 'empty TXT value' } } },
  connect: async (options, context) =>
    connectCloudflare(options, context, { calls: context.calls?.(options.token ?? '') }),
}

export default plugin
