import { FakeAccount, type FakeAnswer, V4 } from './fake-account.js'

export const TOKEN = 'AVULTRKEYTHATMUSTNEVERBESEEN'

/** Two instances: the first with the network and most addresses, the second with the last two (vultr.com/api, v2, read 2026-11). */
const INSTANCES = [
  { id: 'a-1', ips: V4.slice(0, -2), v6_network: '2001:db8:0:1::', v6_network_size: 64 },
  { id: 'b-2', ips: V4.slice(-2), v6_network: '', v6_network_size: 0 },
]

export function vultrAccount(): FakeAccount {
  return new FakeAccount(['https://api.vultr.com'], (account, request) => {
    const { method, path, body, query, headers } = request
    if (headers.authorization !== `Bearer ${TOKEN}`) return refusal(401, 'Invalid API token.')
    const [, , id, family, kind, last] = path
    if (id === undefined) {
      const [first, second] = INSTANCES.map(({ ips, ...instance }) => ({ ...instance, main_ip: ips[0] }))
      const isFirst = query.get('cursor') === null
      const links = { next: isFirst ? 'bmV4dA==' : '', prev: '' }
      return { status: 200, body: { instances: [isFirst ? first : second], meta: { total: 2, links } } }
    }
    const instance = INSTANCES.find((one) => one.id === id)
    if (!instance) return refusal(404, 'Invalid instance-id.')
    if (method === 'GET') {
      if (family === 'ipv6') {
        const set = instance.v6_network === '' ? [] : [...account.ptrs].filter(([ip]) => ip.includes(':'))
        return { status: 200, body: { reverse_ipv6s: set.map(([ip, reverse]) => ({ ip, reverse })) } }
      }
      const ipv4s = instance.ips.map((ip) => ({ ip, reverse: account.ptrs.get(ip) ?? `${ip}.vultrusercontent.com` }))
      return { status: 200, body: { ipv4s, meta: { total: ipv4s.length, links: { next: '', prev: '' } } } }
    }
    if (account.denied !== undefined) return refusal(403, account.denied)
    if (kind !== 'reverse') return refusal(404, 'no such route')
    if (method === 'DELETE') account.set(last ?? '', undefined)
    else if (!account.owns(body.ip)) return refusal(400, 'Invalid IP.')
    else account.set(body.ip, last === 'default' ? undefined : body.reverse)
    return { status: 204 }
  })
}

function refusal(status: number, error: string): FakeAnswer {
  return { status, body: { error, status } }
}
