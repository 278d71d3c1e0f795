import type { Route53ClientConfig } from '@aws-sdk/client-route-53'
import type { AwsOptions } from './options.js'

/** Attempts of one request. Throttled ones are a second or more apart, so ten outlast about a minute. */
const ATTEMPTS = 10
const CONNECTION_TIMEOUT = 10_000

/** The SDK writes its warnings to the console unless it is given a logger. */
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

/** What all clients of the SDK take alike. */
type AwsClientConfig = Pick<
  Route53ClientConfig,
  'logger' | 'profile' | 'endpoint' | 'credentials' | 'maxAttempts' | 'retryMode'
> & { readonly requestHandler: { readonly connectionTimeout: number; readonly socketTimeout: number } }

/**
 * How a client is made: with the options' credentials, or else those of the SDK's own chain.
 *
 * @param time milliseconds until the next octet of a reply
 */
export async function clientConfig(options: AwsOptions, time: number): Promise<AwsClientConfig> {
  const { profile, endpoint, client_max_attempts } = options
  const credentials = await credentialsOf(options)
  const maxAttempts = client_max_attempts ?? (process.env.AWS_MAX_ATTEMPTS ? undefined : ATTEMPTS)
  return {
    logger: silent,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    retryMode: 'adaptive',
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT, socketTimeout: time },
  }
}

/** Undefined is the SDK's own chain. A profile is not left to the chain, which would not say what is wrong with it. */
async function credentialsOf(options: AwsOptions): Promise<Route53ClientConfig['credentials']> {
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
