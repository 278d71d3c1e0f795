import { FakeAccount, type FakeAnswer, pageOf, V4 } from './fake-account.js'

export const TOKEN = '11111111-aaaa-4bbb-8ccc-222222222222'

/** Flexible IPs of Scaleway Instances (scaleway.com/en/developers/api/instance, v1, read 2026-11). */
export function scalewayAccount(): FakeAccount {
  return new FakeAccount(['https://api.scaleway.com'], (account, { method, path, body, query, headers }) => {
    if (headers['x-auth-token'] !== TOKEN) return refusal(401, 'denied_authentication', 'authentication is denied')
    const [api, , , zone, , id] = path
    if (api !== 'instance' || zone !== 'fr-par-1') return refusal(404, 'not_found', 'resource is not found')
    const ips = V4.map((address, index) => ({
      id: `ip-${index}`,
      address,
      reverse: account.ptrs.get(address) ?? `${address.replaceAll('.', '-')}.instances.scw.cloud`,
      type: 'routed_ipv4',
    }))
    if (id === undefined)
      return {
        status: 200,
        body: { ips: pageOf(ips, Number(query.get('page')), Number(query.get('per_page'))) },
        headers: { 'content-type': 'application/json', 'x-total-count': String(ips.length) },
      }
    const ip = ips.find((one) => one.id === id)
    if (!ip) return refusal(404, 'not_found', 'resource is not found')
    if (method === 'GET') return { status: 200, body: { ip } }
    if (account.denied !== undefined) return refusal(403, 'permissions_denied', account.denied)
    if (body.reverse !== null && !account.resolves(body.reverse, ip.address))
      return refusal(400, 'invalid_arguments', 'invalid argument(s)', [
        {
          argument_name: 'reverse',
          reason: 'constraint',
          help_message: `Your reverse must resolve. Ensure the command 'dig +short ${body.reverse}' matches your IP address`,
        },
      ])
    account.set(ip.address, body.reverse)
    return { status: 200, body: { ip } }
  })
}

function refusal(status: number, type: string, message: string, details: object[] = []): FakeAnswer {
  return { status, body: { type, message, details } }
}
