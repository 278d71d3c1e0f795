import { FakeAccount, type FakeAnswer, pageOf, V4 } from './fake-account.js'

export const TOKEN = 'dop_v1_a-token-that-must-never-be-seen'
/** Of the first Droplet, beside its IPv4 address. */
export const FIRST_V6 = '2001:db8:0:1::10'

/** Droplets, whose names are their PTRs (docs.digitalocean.com/reference/api, v2, read 2026-11). */
export function dropletAccount(): FakeAccount {
  return new FakeAccount(['https://api.digitalocean.com'], (account, { method, path, body, query, headers }) => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return refusal(401, 'Unauthorized', 'Unable to authenticate you')
    const [, kind, id, actions] = path
    if (kind === 'actions') {
      const { isDone, error } = account.look(id ?? '') ?? { isDone: true, error: undefined }
      return {
        status: 200,
        body: { action: { id: Number(id), status: isDone ? (error ? 'errored' : 'completed') : 'in-progress' } },
      }
    }
    const droplets = V4.map((ip, index) => droplet(account, ip, index))
    if (id === undefined) {
      const items = pageOf(droplets, Number(query.get('page')), Number(query.get('per_page')))
      return { status: 200, body: { droplets: items, links: {}, meta: { total: droplets.length } } }
    }
    const found = droplets.find((one) => String(one.id) === id)
    if (!found) return refusal(404, 'not_found', 'The resource you were accessing could not be found.')
    if (method === 'GET') return { status: 200, body: { droplet: found } }
    if (account.denied !== undefined) return refusal(403, 'Forbidden', account.denied)
    if (actions !== 'actions' || body.type !== 'rename') return refusal(422, 'unprocessable_entity', 'no such action')
    if (account.busy > 0) {
      account.busy -= 1
      return refusal(422, 'unprocessable_entity', 'Droplet already has a pending event.')
    }
    const begun = account.begin(() => account.set(V4[found.id - 1] as string, body.name))
    return { status: 201, body: { action: { id: Number(begun.id), status: 'in-progress', type: 'rename' } } }
  })
}

function droplet(account: FakeAccount, ip: string, index: number) {
  const v6 = index === 0 ? [{ ip_address: FIRST_V6, type: 'public' }] : []
  const v4 = [
    { ip_address: `10.0.0.${index + 1}`, type: 'private' },
    { ip_address: ip, type: 'public' },
  ]
  return { id: index + 1, name: account.ptrs.get(ip) ?? `droplet-${index}`, networks: { v4, v6 } }
}

function refusal(status: number, id: string, message: string): FakeAnswer {
  return { status, body: { id, message, request_id: '4d9d8375' } }
}
