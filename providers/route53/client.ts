import { Route53Client, type Route53ClientConfig } from '@aws-sdk/client-route-53'
import type { Route53Options } from './options.js'
import { guardReplies, REPLY_TIME } from './replies.js'

/** Attempts of one request. Throttled ones are a second or more apart, so ten outlast about a minute. */
const ATTEMPTS = 10
const CONNECTION_TIMEOUT = 10_000

/** The SDK writes its warnings to the console unless it is given a logger. */
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

/** A client with the options' credentials, or else those of the SDK's own chain. Makes no call. `time` is for tests. */
export async function openClient(options: Route53Options, time = REPLY_TIME): Promise<Route53Client> {
  const { profile, region, endpoint, client_max_attempts } = options
  const base: Route53ClientConfig = { logger: silent, ...(profile === undefined ? {} : { profile }) }
  const credentials = await credentialsOf(options)
  const maxAttempts = client_max_attempts ?? (process.env.AWS_MAX_ATTEMPTS ? undefined : ATTEMPTS)
  const client = new Route53Client({
    ...base,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    region: region ?? regionOf(base),
    retryMode: 'adaptive',
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT, socketTimeout: time },
  })
  guardReplies(client, time)
  return client
}

/** Route 53 is one service for a whole partition, so nobody should have to name a region; China and GovCloud do. */
function regionOf(base: Route53ClientConfig): () => Promise<string> {
  const { region } = new Route53Client(base).config
  return () => region().catch(() => 'us-east-1')
}

/** Undefined is the SDK's own chain. A profile is not left to the chain, which would not say what is wrong with it. */
async function credentialsOf(options: Route53Options): Promise<Route53ClientConfig['credentials']> {
  const { access_key_id, secret_access_key, session_token, profile, role_arn, region } = options
  const keys =
    access_key_id === undefined || secret_access_key === undefined
      ? undefined
      : {
          accessKeyId: access_key_id,
          secretAccessKey: secret_access_key,
          ...(session_token === undefined ? {} : { sessionToken: session_token }),
        }
  if (profile === undefined && role_arn === undefined) return keys
  const { fromIni, fromTemporaryCredentials } = await import('./named-credentials.js')
  const own = profile === undefined ? keys : fromIni({ profile })
  if (role_arn === undefined) return own
  return fromTemporaryCredentials({
    params: { RoleArn: role_arn, RoleSessionName: 'mailsync' },
    ...(own === undefined ? {} : { masterCredentials: own }),
    ...(region === undefined ? {} : { clientConfig: { region } }),
  })
}

function nothing(): void {}
