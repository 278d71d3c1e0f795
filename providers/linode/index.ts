import * as z from 'zod'
import type { Address } from '../../records/rr/address.js'
import { withoutDot } from '../../records/rr/name.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { withForward } from '../addresses/forward-missing.js'
import { oneByOne } from '../addresses/one-by-one.js'
import { sending } from '../addresses/sending.js'
import { notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { itemsAt, textAt } from '../http/member.js'
import { tokenOption } from '../option-schemas.js'

const schema = z.strictObject({ token: tokenOption })

type LinodeOptions = z.output<typeof schema>

/** Addresses at Linode (Akamai), API v4. */
export const plugin = addressPlugin({
  type: 'linode',
  description: 'Linode (Akamai): the PTRs of its addresses',
  permissions: 'a personal access token with IPs: Read/Write; Read Only is enough for a plan',
  limits: ['Linode sets a PTR only once its name leads to the address.'],
  needsForward: true,
  optionDocs: [{ name: 'token', required: true, secret: true, description: 'a personal access token; write env/NAME' }],
  options: (input): LinodeOptions => schema.parse(input ?? {}),
  source: ({ token }, _, { calls }) => linodeAddresses(token, { calls: calls?.(token) }),
})

export default plugin

/** What an address has that nobody has named, now and before 2021 (techdocs.akamai.com/linode-api/reference/put-ip-3, as known 2026-11). */
const DEFAULT = /\.(?:ip\.linodeusercontent\.com|members\.linode\.com)\.$/

/** @param trying for tests */
export function linodeAddresses(token: string, trying: Trying = {}): AddressSource<undefined> {
  const api = {
    who: 'Linode',
    base: new URL('https://api.linode.com/v4'),
    headers: () => ({ authorization: `Bearer ${token}` }),
    problemIn,
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  const look = async (address: Address, signal: AbortSignal): Promise<OwnedAddress<undefined> | undefined> => {
    try {
      const doing = `show the address ${address}`
      const { body } = await call({ doing, method: 'GET', path: ['networking', 'ips', address], signal })
      if (textAt(body, 'address') === undefined) throw notTheApi(api)
      return ownedAddress(undefined, textAt(body, 'rdns'), undefined, (ptr) => DEFAULT.test(ptr))
    } catch (error) {
      if (refusalBehind(error as never)?.status === 404) return undefined
      throw error
    }
  }
  return {
    notOurs: 'is no address of this Linode account',
    ...oneByOne(look),
    set: (address, _, ptr) =>
      withForward(api.who, address, ptr, isForward, () =>
        sending((attempts) =>
          call({
            doing: `${ptr === undefined ? 'reset' : 'set'} the PTR of ${address}`,
            method: 'PUT',
            path: ['networking', 'ips', address],
            body: { rdns: ptr === undefined ? null : withoutDot(ptr) },
            attempts,
            isAnswer: (reply) => textAt(reply.body, 'address') !== undefined,
          }),
        ),
      ),
  }
}

function isForward({ message }: Problem): boolean {
  return /look ?up|forward|resolv/i.test(message)
}

/** `{ errors: [{ reason, field }] }` (techdocs.akamai.com/linode-api/reference/errors, as known 2026-11). */
function problemIn(body: unknown, { status }: { readonly status: number }): Problem | undefined {
  const reasons = itemsAt(body, 'errors').flatMap((error) => {
    const [reason, field] = [textAt(error, 'reason'), textAt(error, 'field')]
    return reason === undefined ? [] : [field === undefined ? reason : `${field}: ${reason}`]
  })
  return reasons.length === 0 ? undefined : { code: String(status), message: reasons.join('; ') }
}
