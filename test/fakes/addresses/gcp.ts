import { createVerify, generateKeyPairSync } from 'node:crypto'
import { FakeAccount, type FakeAnswer, V4 } from './fake-account.js'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Made for this run. */
export const KEY = {
  type: 'service_account',
  project_id: 'mail-project',
  client_email: 'mailsync@mail-project.iam.gserviceaccount.com',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}
const ACCESS = 'ya29.a-token-that-must-never-be-seen'
const ZONES = ['europe-west1-b', 'us-central1-a']

/** Compute Engine and the token service (cloud.google.com/compute/docs/reference/rest/v1, read 2026-11). */
export function gcpAccount(): FakeAccount {
  const origins = ['https://compute.googleapis.com', 'https://oauth2.googleapis.com']
  const account = new FakeAccount(origins, (one, request) => {
    const { method, host, path, query, body, headers } = request
    if (host === 'oauth2.googleapis.com') return token(body)
    if (headers.authorization !== `Bearer ${ACCESS}`) return refusal(401, 'authError', 'Invalid Credentials')
    const [, , , project, scope, zone = '', kind, name, action] = path
    if (project !== KEY.project_id) return refusal(404, 'notFound', `The resource 'projects/${project}' was not found`)
    const instances = V4.map((ip, index) => instance(one, ip, index))
    if (scope === 'aggregated') {
      const place = query.get('pageToken') === null ? 0 : 1
      const items = { [`zones/${ZONES[place]}`]: { instances: instances.filter((_, index) => index % 2 === place) } }
      return {
        status: 200,
        body: { kind: 'compute#instanceAggregatedList', items, ...(place === 0 ? { nextPageToken: 'next' } : {}) },
      }
    }
    if (kind === 'operations') return { status: 200, body: shown(one, name ?? '') }
    const index = instances.findIndex((found) => found.name === name)
    if (index < 0 || ZONES[index % 2] !== zone) return refusal(404, 'notFound', `The resource '${name}' was not found`)
    if (method === 'GET') return { status: 200, body: instances[index] as object }
    if (one.denied !== undefined) return refusal(403, 'forbidden', one.denied)
    if (action !== 'updateAccessConfig' || query.get('networkInterface') !== 'nic0' || body.name !== 'External NAT')
      return refusal(400, 'invalid', 'Invalid value for field')
    const begun = one.begin(() =>
      one.set(V4[index] as string, body.setPublicPtr ? body.publicPtrDomainName.slice(0, -1) : undefined),
    )
    return { status: 200, body: { name: begun.id, status: 'RUNNING' } }
  })
  account.isWrite = ({ method, host }) => method === 'POST' && host === 'compute.googleapis.com'
  return account
}

function token({ grant_type, assertion = '' }: Record<string, string>): FakeAnswer {
  const [head, claims = '', signature = ''] = assertion.split('.')
  const { iss, aud, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}')
  const isSigned = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')
  const isRight = grant_type === 'urn:ietf:params:oauth:grant-type:jwt-bearer' && exp - iat <= 3600
  if (!isSigned || !isRight || iss !== KEY.client_email || aud !== 'https://oauth2.googleapis.com/token')
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } }
  return { status: 200, body: { access_token: ACCESS, expires_in: 3599, token_type: 'Bearer' } }
}

function instance(account: FakeAccount, natIP: string, index: number) {
  const ptr = account.ptrs.get(natIP)
  const set = ptr === undefined ? {} : { setPublicPtr: true, publicPtrDomainName: `${ptr}.` }
  const accessConfigs = [{ kind: 'compute#accessConfig', type: 'ONE_TO_ONE_NAT', name: 'External NAT', natIP, ...set }]
  return { kind: 'compute#instance', name: `mail-${index}`, networkInterfaces: [{ name: 'nic0', accessConfigs }] }
}

function shown(account: FakeAccount, name: string): object {
  const { isDone, error } = account.look(name) ?? { isDone: true, error: undefined }
  return {
    name,
    status: isDone ? 'DONE' : 'RUNNING',
    ...(error === undefined ? {} : { error: { errors: [{ code: 'INVALID_FIELD_VALUE', message: error }] } }),
  }
}

function refusal(code: number, reason: string, message: string): FakeAnswer {
  return { status: code, body: { error: { code, message, errors: [{ message, domain: 'global', reason }] } } }
}
