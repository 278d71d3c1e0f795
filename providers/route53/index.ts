import { RRTYPES } from '../../records/rr/rdata.js'
import { accountOf } from '../aws/options.js'
import { REPLY_TIME } from '../aws/replies.js'
import type { ProviderPlugin } from '../provider.js'
import { openClient } from './client.js'
import { connection } from './connection.js'
import { rejects } from './limits.js'
import { optionDocs, parseOptions, type Route53Options } from './options.js'
import { singleZone, zonesByName } from './zones.js'

/** Amazon Route 53, API version 2013-04-01. */
export const plugin: ProviderPlugin<Route53Options> = {
  type: 'route53',
  description: 'Amazon Route 53',
  optionDocs,
  permissions:
    'the IAM actions route53:ListHostedZonesByName, route53:ListResourceRecordSets and route53:ChangeResourceRecordSets (the first two are enough for a plan); --wait needs route53:GetChange, --check needs route53:GetHostedZone',
  limits: [
    'All changes of a zone are one atomic request, up to 1,000 values and 32,000 characters; more are split at RRset borders.',
    'A value has at most 4,000 characters, quotes and escapes included.',
    'Alias, weighted, latency, geolocation, failover and traffic policy records are seen and never touched.',
    'Of several hosted zones with one name the public one is meant; zone_id chooses another.',
    'An account has five calls a second. No reply says how many are left; where Route 53 asks to wait (Retry-After), a run does, for as long as --max-wait lets it.',
    'A plain http: endpoint is refused but for this machine itself, and no redirect is followed.',
  ],
  traits: { types: RRTYPES, write: 'atomic', compareAndSwap: true, ttl: { min: 0, max: 2 ** 31 - 1 } },
  rate: { calls: 5, seconds: 1 },
  options: parseOptions,
  rejects,
  connect: async (options, { zones, calls }) => {
    const client = await openClient(options, REPLY_TIME, calls?.(accountOf(options)))
    const { zone_id } = options
    return connection(client, zone_id === undefined ? zonesByName(client, zones) : singleZone(client, zone_id))
  },
}

export default plugin
