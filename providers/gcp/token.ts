import { createSign } from 'node:crypto'
import { MailsyncError } from '../../records/error.js'
import { accessToken } from '../http/access-token.js'
import { notTheApi, type Problem } from '../http/failures.js'
import { jsonClient, type Trying } from '../http/json-api.js'
import { member, textAt } from '../http/member.js'
import type { ServiceAccount } from './options.js'

const ORIGIN = 'https://oauth2.googleapis.com'
const SCOPE = 'https://www.googleapis.com/auth/compute'
/** Seconds for which an assertion may be good. */
const HOUR = 3600

/** Access tokens of a service account (RFC 7523; developers.google.com/identity/protocols/oauth2/service-account, as known 2026-11). */
export function googleToken(account: ServiceAccount, trying: Trying = {}): () => Promise<string> {
  const api = { who: 'Google', base: new URL(ORIGIN), headers: () => ({}), problemIn }
  const call = jsonClient(api, trying)
  return accessToken(async () => {
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertion(account, Date.now()),
    }
    const { body } = await call({ doing: 'give an access token', method: 'POST', path: ['token'], form, again: true })
    const [token, seconds] = [textAt(body, 'access_token'), member(body, 'expires_in')]
    if (token === undefined || typeof seconds !== 'number') throw notTheApi(api)
    return { token, seconds }
  })
}

/** A JSON Web Token that the key signs (RFC 7519, RS256). `now` is in milliseconds. */
function assertion({ client_email, private_key }: ServiceAccount, now: number): string {
  const iat = Math.floor(now / 1000)
  const claims = { iss: client_email, scope: SCOPE, aud: `${ORIGIN}/token`, iat, exp: iat + HOUR }
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(private_key, 'base64url')}`
  } catch {
    throw new MailsyncError('authentication', 'the private_key of the Google service account cannot sign', {
      hint: 'it is cut or changed; take the JSON as Google gave it',
    })
  }
}

function problemIn(body: unknown): Problem | undefined {
  const code = textAt(body, 'error')
  return code === undefined ? undefined : { code, message: textAt(body, 'error_description') ?? code }
}
