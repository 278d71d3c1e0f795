import type { Address } from '../../records/rr/address.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import type { Attempt } from '../http/attempts.js'
import { type Explain, notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { textAt } from '../http/member.js'

/** The calls that the adapter makes (robot.hetzner.com/doc/webservice, "Reverse DNS"; methods and codes as in the Ansible collection community.hrobot, read 2026-11). Each throws MailsyncError. */
export interface RobotApi {
  /** The PTR of an address: null where nobody has set one, undefined where the account does not have the address. */
  ptr(address: Address, signal: AbortSignal): Promise<string | null | undefined>
  set(address: Address, ptr: Name | undefined, attempts: Attempt[]): Promise<void>
}

interface Login {
  readonly user: string
  readonly password: string
}

/** Connects without a call. `trying` is for tests. */
export function robotApi({ user, password }: Login, trying: Trying = {}): RobotApi {
  const api = {
    who: 'Hetzner Robot',
    base: new URL('https://robot-ws.your-server.de'),
    headers: () => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
    problemIn,
    explain,
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  return {
    ptr: async (address, signal) => {
      try {
        const doing = `show the PTR of ${address}`
        const { body } = await call({ doing, method: 'GET', path: ['rdns', address], signal })
        return textAt(body, 'rdns', 'ptr') ?? Promise.reject(notTheApi(api))
      } catch (error) {
        const code = refusalBehind(error as never)?.problem.code
        if (code === 'RDNS_NOT_FOUND') return null
        if (code === 'IP_NOT_FOUND') return undefined
        throw error
      }
    },
    set: async (address, ptr, attempts) => {
      const path = ['rdns', address]
      if (ptr === undefined)
        await call({
          doing: `reset the PTR of ${address}`,
          method: 'DELETE',
          path,
          attempts,
          isAnswer: ({ status, body }) => status === 200 && body === undefined,
        })
      else
        await call({
          doing: `set the PTR of ${address}`,
          method: 'POST',
          path,
          attempts,
          form: { ptr: withoutDot(ptr) },
          isAnswer: ({ body }) => textAt(body, 'rdns', 'ip') !== undefined,
        })
    },
  }
}

function problemIn(body: unknown): Problem | undefined {
  const code = textAt(body, 'error', 'code')
  return code === undefined ? undefined : { code, message: textAt(body, 'error', 'message') ?? '' }
}

/** Robot counts too many requests as 403, and locks an address out that logs in wrongly three times (as known 2026-11). */
const explain: Explain = ({ status, problem: { code } }) => {
  if (code === 'RATE_LIMIT_EXCEEDED')
    return {
      kind: 'rate-limited',
      what: 'the rate limit of Hetzner Robot is reached',
      hint: 'an account has 500 requests about PTRs an hour; try again then',
    }
  if (status === 401)
    return {
      kind: 'authentication',
      what: 'Hetzner Robot does not accept user and password',
      hint: 'they are those of the web service (Robot > Settings > Web service and app settings), not of the login; after three failures it takes none for 10 minutes',
    }
  return undefined
}
