import { type Address, isInNetwork } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import type { Attempt } from '../http/attempts.js'
import { type Explain, notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { textAt } from '../http/member.js'
import { ENDPOINTS, type OvhOptions } from './options.js'
import { signedHeaders } from './signature.js'

/** The calls that the adapter makes (api.ovh.com/console, /ip, as known 2026-11). Each throws MailsyncError. */
export interface OvhApi {
  /** The block of the account that an address is in, `192.0.2.8/29`; undefined where there is none. */
  blockOf(address: Address, signal: AbortSignal): Promise<string | undefined>
  /** The PTR of an address in a block; undefined where nobody has set one. */
  ptr(block: string, address: Address, signal: AbortSignal): Promise<string | undefined>
  set(block: string, address: Address, ptr: Name | undefined, attempts: Attempt[]): Promise<void>
}

/** Connects without a call. `trying` and `now`, in milliseconds, are for tests. */
export function ovhApi(options: OvhOptions, trying: Trying = {}, now: () => number = Date.now): OvhApi {
  const named = { who: 'OVHcloud', base: new URL(ENDPOINTS[options.endpoint]), problemIn, explain }
  const clock = jsonClient({ ...named, headers: () => ({}) }, trying)
  /** Seconds by which the clock of OVHcloud is ahead: a signature is good for a short time by that clock. */
  let delta: Promise<number> | undefined
  const askTime = async (): Promise<number> => {
    const { body } = await clock({ doing: 'tell the time', method: 'GET', path: ['auth', 'time'] })
    if (typeof body !== 'number') throw notTheApi(named)
    return body - Math.floor(now() / 1000)
  }
  const api = {
    ...named,
    headers: async (request) => {
      delta ??= askTime()
      delta.catch(() => {
        delta = undefined
      })
      return signedHeaders(options, { ...request, time: Math.floor(now() / 1000) + (await delta) })
    },
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  return {
    blockOf: async (address, signal) => {
      const doing = `find the block of ${address}`
      const { body } = await call({ doing, method: 'GET', path: ['ip'], query: { ip: address }, signal })
      if (!Array.isArray(body)) throw notTheApi(api)
      return body.find((block) => typeof block === 'string' && isInNetwork(address, block))
    },
    ptr: async (block, address, signal) => {
      try {
        const path = ['ip', block, 'reverse', address]
        const { body } = await call({ doing: `show the PTR of ${address}`, method: 'GET', path, signal })
        return textAt(body, 'reverse') ?? Promise.reject(notTheApi(api))
      } catch (error) {
        if (refusalBehind(error as never)?.status === 404) return undefined
        throw error
      }
    },
    set: async (block, ipReverse, reverse, attempts) => {
      const path = ['ip', block, 'reverse']
      if (reverse === undefined)
        await call({
          doing: `reset the PTR of ${ipReverse}`,
          method: 'DELETE',
          path: [...path, ipReverse],
          attempts,
          isAnswer: ({ body }) => body === null,
        })
      else
        await call({
          doing: `set the PTR of ${ipReverse}`,
          method: 'POST',
          path,
          body: { ipReverse, reverse },
          attempts,
          isAnswer: ({ body }) => textAt(body, 'ipReverse') !== undefined,
        })
    },
  }
}

/** `{ class, errorCode, message }`; older errors have no code. */
function problemIn(body: unknown, { status }: { readonly status: number }): Problem | undefined {
  const message = textAt(body, 'message')
  const code = textAt(body, 'errorCode') ?? textAt(body, 'class') ?? String(status)
  return message === undefined ? undefined : { code, message }
}

/** Wrong keys are 403 or 400 at OVHcloud, and tell themselves by their codes (as known 2026-11). */
const explain: Explain = ({ problem: { code } }, { doing }) => {
  if (code === 'NOT_GRANTED_CALL')
    return {
      kind: 'permission',
      what: `the consumer key may not ${doing}`,
      hint: 'make one with the rights GET, POST and DELETE on /ip and /ip/* at eu.api.ovh.com/createToken',
    }
  if (['INVALID_CREDENTIAL', 'INVALID_KEY', 'INVALID_SIGNATURE', 'NOT_CREDENTIAL'].includes(code))
    return {
      kind: 'authentication',
      what: 'OVHcloud does not accept the keys',
      hint: 'application_key, application_secret and consumer_key go together; a consumer key has to be validated, and may have expired',
    }
  return undefined
}
