import { accessToken } from '../http/access-token.js'
import type { Attempt } from '../http/attempts.js'
import { notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { Listing } from '../http/listing.js'
import { itemsAt, member, textAt } from '../http/member.js'
import type { AzureOptions } from './options.js'

/** The calls that the adapter makes (learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses, as known 2026-11). Each throws MailsyncError. */
export interface AzureApi {
  list(signal: AbortSignal): Promise<readonly PublicIp[]>
  /** Undefined where it is gone. */
  get(id: string, signal?: AbortSignal): Promise<PublicIp | undefined>
  /** Begins to put the whole resource in the place of the one that was read; somebody else's change meanwhile is refused (412). */
  put(ip: PublicIp, reverseFqdn: string | undefined, attempts: Attempt[]): Promise<PublicIp>
}

/** A public IP address as a resource. */
export interface PublicIp {
  readonly id: string
  readonly etag: string
  readonly address: string | undefined
  readonly reverseFqdn: string | undefined
  readonly provisioningState: string
  /** As it came: what is not told apart here is written back. */
  readonly resource: object
}

const BASE = new URL('https://management.azure.com')
const VERSION = { 'api-version': '2024-05-01' }

/** Connects without a call. `trying` is for tests. */
export function azureApi(options: AzureOptions, trying: Trying = {}): AzureApi {
  const token = azureToken(options, trying)
  const api = {
    who: 'Azure',
    base: BASE,
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    problemIn,
    isBusy: ({ code }) => code === 'AnotherOperationInProgress' || code === 'RetryableError',
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  const own = (body: unknown): PublicIp => {
    const ip = publicIpOf(body)
    if (!ip) throw notTheApi(api)
    return ip
  }
  const pathOf = (id: string): string[] => id.split('/').slice(1)
  return {
    list: async (signal) => {
      const listing = new Listing<PublicIp>(api.who)
      const all = ['subscriptions', options.subscription_id, 'providers', 'Microsoft.Network', 'publicIPAddresses']
      for (let next: Record<string, string> | undefined = VERSION; next !== undefined; ) {
        const { body } = await call({
          doing: 'list the public IP addresses',
          method: 'GET',
          path: all,
          query: next,
          signal,
        })
        if (!Array.isArray(member(body, 'value'))) throw notTheApi(api)
        listing.add(itemsAt(body, 'value').map(own))
        const link = listing.next(member(body, 'nextLink'))
        if (link !== undefined && !URL.canParse(link)) throw notTheApi(api)
        next = link === undefined ? undefined : Object.fromEntries(new URL(link).searchParams)
      }
      return listing.items
    },
    get: async (id, signal) => {
      try {
        const doing = 'show a public IP address'
        const { body } = await call({
          doing,
          method: 'GET',
          path: pathOf(id),
          query: VERSION,
          ...(signal && { signal }),
        })
        return own(body)
      } catch (error) {
        if (refusalBehind(error as never)?.status === 404) return undefined
        throw error
      }
    },
    put: async ({ id, etag, resource }, reverseFqdn, attempts) => {
      const { body } = await call({
        doing: `${reverseFqdn === undefined ? 'reset' : 'set'} the PTR of a public IP address`,
        method: 'PUT',
        path: pathOf(id),
        query: VERSION,
        headers: { 'if-match': etag },
        body: withReverse(resource, reverseFqdn),
        attempts,
      })
      return own(body)
    },
  }
}

/** Tokens of an app registration (RFC 6749 §4.4; learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, as known 2026-11). */
function azureToken({ tenant_id, client_id, client_secret }: AzureOptions, trying: Trying): () => Promise<string> {
  const login = {
    who: 'Microsoft Entra',
    base: new URL('https://login.microsoftonline.com'),
    headers: () => ({}),
    problemIn,
  }
  const call = jsonClient(login, trying)
  const form = { grant_type: 'client_credentials', client_id, client_secret, scope: `${BASE.origin}/.default` }
  return accessToken(async () => {
    const path = [tenant_id, 'oauth2', 'v2.0', 'token']
    const { body } = await call({ doing: 'give an access token', method: 'POST', path, form, again: true })
    const [token, seconds] = [textAt(body, 'access_token'), member(body, 'expires_in')]
    if (token === undefined || typeof seconds !== 'number') throw notTheApi(login)
    return { token, seconds }
  })
}

function publicIpOf(body: unknown): PublicIp | undefined {
  const [id, etag] = [textAt(body, 'id'), textAt(body, 'etag')]
  if (id === undefined || etag === undefined || !id.startsWith('/')) return undefined
  return {
    id,
    etag,
    address: textAt(body, 'properties', 'ipAddress'),
    reverseFqdn: textAt(body, 'properties', 'dnsSettings', 'reverseFqdn'),
    provisioningState: textAt(body, 'properties', 'provisioningState') ?? '',
    resource: body as object,
  }
}

/** The resource with another PTR. Settings without any name are none. */
function withReverse(resource: object, reverseFqdn: string | undefined): object {
  const properties = member(resource, 'properties') as object
  const { reverseFqdn: _, ...others } = (member(properties, 'dnsSettings') ?? {}) as Record<string, unknown>
  const dnsSettings = { ...others, ...(reverseFqdn === undefined ? {} : { reverseFqdn }) }
  const { dnsSettings: __, ...rest } = properties as Record<string, unknown>
  return { ...resource, properties: { ...rest, ...(Object.keys(dnsSettings).length > 0 && { dnsSettings }) } }
}

/** `{ error: { code, message } }`; of a token `{ error, error_description }`. */
function problemIn(body: unknown): Problem | undefined {
  const [code, message] = [textAt(body, 'error', 'code'), textAt(body, 'error', 'message')]
  if (code !== undefined) return { code, message: message ?? code }
  const error = textAt(body, 'error')
  return error === undefined ? undefined : { code: error, message: textAt(body, 'error_description') ?? error }
}
