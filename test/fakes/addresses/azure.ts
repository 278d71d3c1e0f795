import { FakeAccount, type FakeAnswer, V4 } from './fake-account.js'

export const OPTIONS = {
  tenant_id: '11111111-2222-4333-8444-555555555555',
  client_id: '66666666-7777-4888-9999-aaaaaaaaaaaa',
  client_secret: 'a-secret-that-must-never-be-seen',
  subscription_id: 'bbbbbbbb-cccc-4ddd-8eee-ffffffffffff',
}
const ACCESS = 'eyJ0.a-token-that-must-never-be-seen'

/** Public IP addresses and the token service (learn.microsoft.com/rest/api/virtualnetwork, 2024-05-01, read 2026-11). */
export function azureAccount(): FakeAccount {
  const origins = ['https://management.azure.com', 'https://login.microsoftonline.com']
  const etags = new Map<string, number>()
  const running = new Map<string, string>()
  const account = new FakeAccount(origins, (one, { method, host, path, query, body, headers }) => {
    if (host === 'login.microsoftonline.com')
      return body.client_secret === OPTIONS.client_secret && path[0] === OPTIONS.tenant_id
        ? { status: 200, body: { access_token: ACCESS, expires_in: 3599, token_type: 'Bearer' } }
        : { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret' } }
    if (headers.authorization !== `Bearer ${ACCESS}`)
      return refusal(401, 'InvalidAuthenticationToken', 'The token is wrong')
    if (query.get('api-version') === null) return refusal(400, 'MissingApiVersionParameter', 'no api-version')
    const resource = (ip: string): object => {
      const operation = one.look(running.get(ip) ?? '')
      const state =
        operation === undefined || operation.isDone ? (operation?.error ? 'Failed' : 'Succeeded') : 'Updating'
      const reverseFqdn = one.ptrs.get(ip)
      return {
        id: `/subscriptions/${OPTIONS.subscription_id}/resourceGroups/mail/providers/Microsoft.Network/publicIPAddresses/ip-${ip}`,
        name: `ip-${ip}`,
        etag: `W/"${ip}-${etags.get(ip) ?? 0}-${reverseFqdn ?? ''}"`,
        location: 'westeurope',
        sku: { name: 'Standard' },
        properties: {
          provisioningState: state,
          ipAddress: ip,
          publicIPAllocationMethod: 'Static',
          ...(reverseFqdn === undefined ? {} : { dnsSettings: { reverseFqdn: `${reverseFqdn}.` } }),
        },
      }
    }
    if (path.length <= 5) {
      const half = V4.length / 2
      const isFirst = query.get('$skiptoken') === null
      const value = (isFirst ? V4.slice(0, half) : V4.slice(half)).map(resource)
      const nextLink = `https://management.azure.com/${path.join('/')}?api-version=2024-05-01&%24skiptoken=abc`
      return { status: 200, body: { value, ...(isFirst ? { nextLink } : {}) } }
    }
    const ip = path.at(-1)?.replace('ip-', '') ?? ''
    if (!one.owns(ip)) return refusal(404, 'ResourceNotFound', 'The Resource was not found.')
    const now = resource(ip) as { etag: string }
    if (method === 'GET') return { status: 200, body: now }
    if (one.denied !== undefined) return refusal(403, 'AuthorizationFailed', one.denied)
    if (headers['if-match'] !== now.etag) return refusal(412, 'PreconditionFailed', 'Precondition failed.')
    if (one.busy > 0) {
      one.busy -= 1
      return refusal(409, 'AnotherOperationInProgress', 'Another operation on this resource is in progress.')
    }
    const ptr: string | undefined = body.properties.dnsSettings?.reverseFqdn
    if (body.location !== 'westeurope' || body.sku?.name !== 'Standard')
      return refusal(400, 'InvalidRequestFormat', 'lost')
    if (ptr !== undefined && !one.resolves(ptr, ip))
      return refusal(400, 'ReverseFqdnNotResolvable', `ReverseFqdn ${ptr} must resolve to ${ip}`)
    const begun = one.begin(() => one.set(ip, ptr?.slice(0, -1)))
    running.set(ip, begun.id)
    etags.set(ip, (etags.get(ip) ?? 0) + 1)
    return { status: 200, body: resource(ip) }
  })
  account.isWrite = ({ method }) => method === 'PUT'
  return account
}

function refusal(status: number, code: string, message: string): FakeAnswer {
  return { status, body: { error: { code, message } } }
}
