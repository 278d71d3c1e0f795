import { Route53Client, type Route53ClientConfig } from '@aws-sdk/client-route-53'
import { clientConfig } from '../aws/client-config.js'
import { guardReplies, REPLY_TIME } from '../aws/replies.js'
import type { Calls } from '../calls/calls.js'
import type { Route53Options } from './options.js'

/** A client with the options' credentials, or else those of the SDK's own chain. Makes no call. `time` is for tests. */
export async function openClient(options: Route53Options, time = REPLY_TIME, calls?: Calls): Promise<Route53Client> {
  const config = await clientConfig(options, time)
  const client = new Route53Client({ ...config, region: options.region ?? regionOf(config) })
  guardReplies(client, 'Route 53', time, calls)
  return client
}

/** Route 53 is one service for a whole partition, so nobody should have to name a region; China and GovCloud do. */
function regionOf(config: Route53ClientConfig): () => Promise<string> {
  const { region } = new Route53Client(config).config
  return () => region().catch(() => 'us-east-1')
}
