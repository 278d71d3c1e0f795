import { parseAddress } from '../../../records/rr/address.js'
import { FakeAccount, type FakeAnswer } from './fake-account.js'

export const LOGIN = { user: '#ws+AbCdEf12', password: 'a-password-never-to-be-seen' }

/** The Robot web service (robot.hetzner.com/doc/webservice, read 2026-11): forms in, JSON out. */
export function robotAccount(): FakeAccount {
  return new FakeAccount(['https://robot-ws.your-server.de'], (account, { method, path, body, headers }) => {
    const login = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`
    if (headers.authorization !== login) return refusal(401, 'UNAUTHORIZED', 'Unauthorized')
    const [kind, ip = ''] = path
    if (kind !== 'rdns') return refusal(404, 'NOT_FOUND', 'no such route')
    if (account.busy > 0) {
      account.busy -= 1
      return refusal(403, 'RATE_LIMIT_EXCEEDED', 'rate limit exceeded')
    }
    if (!account.owns(ip)) return refusal(404, 'IP_NOT_FOUND', `The IP address ${ip} was not found`)
    const address = parseAddress(ip) as string
    if (method === 'POST') {
      if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded') || !body.ptr)
        return refusal(400, 'INVALID_INPUT', 'invalid input')
      account.set(address, body.ptr)
    }
    if (method === 'DELETE') {
      account.set(address, undefined)
      return { status: 200 }
    }
    const byDefault = address.includes(':')
      ? undefined
      : `static.${address.split('.').reverse().join('.')}.clients.your-server.de`
    const ptr = account.ptrs.get(address) ?? byDefault
    return ptr === undefined
      ? refusal(404, 'RDNS_NOT_FOUND', `The IP address ${ip} has no reverse DNS entry yet`)
      : { status: method === 'POST' ? 201 : 200, body: { rdns: { ip, ptr } } }
  })
}

function refusal(status: number, code: string, message: string): FakeAnswer {
  return { status, body: { error: { status, code, message } } }
}
