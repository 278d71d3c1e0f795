import { createHash } from 'node:crypto'
import type { OvhOptions } from './options.js'

/** What is signed of a request. `time` is in seconds, by the clock of OVHcloud. */
interface Signed {
  readonly method: string
  readonly url: URL
  readonly body: string | undefined
  readonly time: number
}

/** The headers of a request (“First steps with the OVHcloud APIs”, as known 2026-11): SHA-1 over the keys, the request and the time. */
export function signedHeaders(
  { application_key, application_secret, consumer_key }: Omit<OvhOptions, 'endpoint'>,
  { method, url, body = '', time }: Signed,
): Record<string, string> {
  const text = [application_secret, consumer_key, method, url.href, body, time].join('+')
  return {
    'x-ovh-application': application_key,
    'x-ovh-consumer': consumer_key,
    'x-ovh-timestamp': String(time),
    'x-ovh-signature': `$1$${createHash('sha1').update(text).digest('hex')}`,
  }
}
