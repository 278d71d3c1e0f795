import { signedHeaders } from '../../../providers/ovh/signature.js'
import { type Address, isInNetwork } from '../../../records/rr/address.js'
import { FakeAccount, type FakeAnswer, V4, V6 } from './fake-account.js'

export const KEYS = {
  endpoint: 'ovh-eu',
  application_key: '7kbG7Bk7S9Nt7ZSV',
  application_secret: 'a-secret-that-must-never-be-seen',
  consumer_key: 'MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1',
} as const

/** Seconds by which its clock is ahead. */
export const AHEAD = 1000
const BLOCKS = ['192.0.2.8/29', '192.0.2.16/29', V6]

/** Blocks at OVHcloud (api.ovh.com/console, /ip, read 2026-11). */
export function ovhAccount(): FakeAccount {
  const account = new FakeAccount(['https://eu.api.ovh.com'], (one, request) => {
    const { method, path, query, body, headers, url, text } = request
    const [, kind, block = '', , address] = path
    const clock = Math.floor(Date.now() / 1000) + AHEAD
    if (kind === 'auth') return { status: 200, body: JSON.stringify(clock) }
    const time = Number(headers['x-ovh-timestamp'])
    const expected = signedHeaders(KEYS, {
      method,
      url: new URL(url),
      body: method === 'POST' ? text : undefined,
      time,
    })
    if (Math.abs(time - clock) > 30 || headers['x-ovh-signature'] !== expected['x-ovh-signature'])
      return refusal(400, 'Client::BadRequest', 'Invalid signature', 'INVALID_SIGNATURE')
    if (block === '') {
      const ip = query.get('ip') ?? ''
      return { status: 200, body: BLOCKS.filter((net) => isInNetwork(ip as Address, net) && one.owns(ip)) }
    }
    if (!BLOCKS.includes(block)) return refusal(404, 'Client::NotFound', 'This service does not exist')
    if (method === 'GET' || method === 'DELETE') {
      const reverse = one.ptrs.get(address ?? '')
      if (reverse === undefined)
        return refusal(404, 'Client::NotFound', 'The requested object (ipReverse) does not exist')
      if (method === 'DELETE') one.set(address ?? '', undefined)
      return { status: 200, body: method === 'DELETE' ? 'null' : { ipReverse: address, reverse: `${reverse}.` } }
    }
    if (one.denied !== undefined) return refusal(403, 'Client::Forbidden', one.denied, 'NOT_GRANTED_CALL')
    if (!isInNetwork(body.ipReverse as Address, block) || !(V4.includes(body.ipReverse) || block === V6))
      return refusal(400, 'Client::BadRequest', 'Invalid ip')
    if (!one.resolves(body.reverse, body.ipReverse))
      return refusal(400, 'Client::BadRequest', `Cannot check if ${body.ipReverse} is reversed by ${body.reverse}`)
    one.set(body.ipReverse, body.reverse.slice(0, -1))
    return { status: 200, body }
  })
  account.isWrite = ({ method }) => method !== 'GET'
  return account
}

function refusal(status: number, type: string, message: string, errorCode?: string): FakeAnswer {
  return { status, body: { class: type, message, ...(errorCode === undefined ? {} : { errorCode }) } }
}
