import { FakeAccount, type FakeAnswer } from './fake-account.js'

export const TOKEN = 'a-token-that-must-never-be-seen'

/** Linode's addresses (techdocs.akamai.com/linode-api, v4, read 2026-11). */
export function linodeAccount(): FakeAccount {
  return new FakeAccount(['https://api.linode.com'], (account, { method, path, body, headers }) => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return refusal(401, 'Invalid Token')
    const [version, networking, ips, address = ''] = path
    if (version !== 'v4' || networking !== 'networking' || ips !== 'ips' || !account.owns(address))
      return refusal(404, 'Not found')
    if (method === 'PUT') {
      if (account.denied !== undefined) return refusal(403, account.denied)
      if (account.busy > 0) {
        account.busy -= 1
        return {
          ...refusal(429, 'Too many requests'),
          headers: { 'content-type': 'application/json', 'retry-after': '1' },
        }
      }
      if (body.rdns !== null && !account.resolves(body.rdns, address))
        return refusal(400, `We were unable to perform a lookup for '${body.rdns}' at this time.`, 'rdns')
      account.set(address, body.rdns)
    }
    const byDefault = address.includes(':') ? null : `${address.replaceAll('.', '-')}.ip.linodeusercontent.com`
    return { status: 200, body: { address, type: 'ipv4', public: true, rdns: account.ptrs.get(address) ?? byDefault } }
  })
}

function refusal(status: number, reason: string, field?: string): FakeAnswer {
  return { status, body: { errors: [{ reason, ...(field === undefined ? {} : { field }) }] } }
}
