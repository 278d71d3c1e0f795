import * as z from 'zod'
import type { Address } from '../../records/rr/address.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { oneByOne } from '../addresses/one-by-one.js'
import { sending } from '../addresses/sending.js'
import { hetznerDefault } from '../hetzner/default-name.js'
import { type RobotApi, robotApi } from './api.js'

const schema = z.strictObject({ user: z.string().min(1), password: z.string().min(1) })

type RobotOptions = z.output<typeof schema>

/** Addresses of dedicated servers at Hetzner, over the Robot web service. */
export const plugin = addressPlugin({
  type: 'hetzner-robot',
  description: 'Hetzner Robot: the PTRs of dedicated servers and their subnets',
  permissions:
    'a web service user (Robot > Settings > Web service and app settings); it may do all that the account may',
  limits: [
    'Each address of a subnet has a PTR of its own. Looking at one is a call, and an account has 500 of them an hour.',
    'Addresses of Hetzner Cloud are of `class: hetzner`.',
  ],
  optionDocs: [
    {
      name: 'user',
      required: true,
      usual: 'env/HETZNER_ROBOT_USER',
      description: 'the web service user, as in #ws+AbCdEf',
    },
    { name: 'password', required: true, secret: true, description: 'its password; write env/NAME' },
  ],
  options: (input): RobotOptions => schema.parse(input ?? {}),
  source: (options, _, { calls }) => robotAddresses(robotApi(options, { calls: calls?.(options.user) })),
})

export default plugin

/** Each address is asked for on its own: no listing tells which ones the account has. */
export function robotAddresses(api: RobotApi): AddressSource<undefined> {
  const look = async (address: Address, signal: AbortSignal): Promise<OwnedAddress<undefined> | undefined> => {
    const ptr = await api.ptr(address, signal)
    return ptr === undefined ? undefined : ownedAddress(undefined, ptr ?? '', hetznerDefault(address))
  }
  return {
    notOurs: 'is no address of this Hetzner Robot account',
    ...oneByOne(look),
    set: (address, _, ptr) => sending((attempts) => api.set(address, ptr, attempts)),
  }
}
