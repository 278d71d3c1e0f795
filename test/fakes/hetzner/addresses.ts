import { type Address, isInNetwork } from '../../../records/rr/address.js'
import { FakeAccount, type FakeAnswer, type FakeRequest, V4, V6 } from '../addresses/fake-account.js'
import { TOKEN } from './hetzner.js'

/** The last two IPv4 addresses are Floating IPs; each other one, and the network, is a Primary IP. */
const FLOATING = V4.slice(-2)
const PRIMARY = [...V4.slice(0, -2), V6]

/** Addresses of a Hetzner Cloud project (docs.hetzner.cloud/reference/cloud, read 2026-11). */
export function hetznerAccount(): FakeAccount {
  return new FakeAccount(['https://api.hetzner.cloud'], (account, request) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refusal(401, 'unauthorized', 'not authorized')
    if (account.denied !== undefined && request.method !== 'GET') return refusal(403, 'token_readonly', account.denied)
    return answer(account, request)
  })
}

function answer(
  account: FakeAccount,
  { method, path: [, kind = '', id, , action], body, query }: FakeRequest,
): FakeAnswer {
  if (kind === 'actions') return { status: 200, body: { action: shown(account, id ?? '') } }
  const items = kind === 'primary_ips' ? PRIMARY : kind === 'floating_ips' ? FLOATING : []
  const all = items.map((ip, index) => item(account, ip, index))
  if (id === undefined) return { status: 200, body: page(kind, all, query) }
  const found = all[Number(id) - 1]
  if (!found) return refusal(404, 'not_found', `${kind} with ID '${id}' not found`)
  if (method === 'GET') return { status: 200, body: { [kind.slice(0, -1)]: found } }
  if (action !== 'change_dns_ptr' || !isInNetwork(body.ip as Address, found.ip) || body.dns_ptr === undefined)
    return refusal(422, 'invalid_input', `invalid input in field 'ip'`)
  if (account.busy > 0) {
    account.busy -= 1
    return refusal(423, 'locked', 'Item is locked because of a running action')
  }
  const begun = account.begin(() => account.set(body.ip, body.dns_ptr))
  return { status: 201, body: { action: { id: Number(begun.id), status: 'running', progress: 0, error: null } } }
}

function item(account: FakeAccount, ip: string, index: number) {
  const set = [...account.ptrs].filter(([address]) => isInNetwork(address as Address, ip))
  const byDefault = `static.${ip.split('.').reverse().join('.')}.clients.your-server.de`
  const ptrs = set.length > 0 || ip.includes(':') ? set : [[ip, byDefault] as const]
  return { id: index + 1, ip, dns_ptr: ptrs.map(([address, ptr]) => ({ ip: address, dns_ptr: ptr })) }
}

function shown(account: FakeAccount, id: string): object {
  const { isDone, error } = account.look(id) ?? { isDone: true, error: 'gone' }
  const status = isDone ? (error ? 'error' : 'success') : 'running'
  return {
    id: Number(id),
    status,
    progress: isDone ? 100 : 50,
    error: error ? { code: 'action_failed', message: error } : null,
  }
}

function page(key: string, items: readonly object[], query: URLSearchParams): object {
  const [number, size] = [Number(query.get('page')), Number(query.get('per_page'))]
  if (!(size >= 1 && size <= 50)) throw new Error(`per_page is ${size}`)
  const pagination = { page: number, per_page: size, total_entries: items.length }
  return { [key]: items.slice((number - 1) * size, number * size), meta: { pagination } }
}

function refusal(status: number, code: string, message: string): FakeAnswer {
  return { status, body: { error: { code, message, details: null } } }
}
