import * as z from 'zod'
import { MailsyncError } from '../../records/error.js'
import { type Address, parseAddress } from '../../records/rr/address.js'
import { labelsOf, type Name, withoutDot } from '../../records/rr/name.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { sending } from '../addresses/sending.js'
import { untilDone } from '../addresses/until-done.js'
import type { Pause } from '../http/waiting.js'
import { tokenOption } from '../option-schemas.js'
import type { Sent } from '../write-batches.js'
import { type DigitalOceanApi, type Droplet, digitalOceanApi } from './api.js'

const schema = z.strictObject({ token: tokenOption })

type DigitalOceanOptions = z.output<typeof schema>

/** Public addresses of Droplets, API v2. */
export const plugin = addressPlugin({
  type: 'digitalocean',
  description: 'DigitalOcean: the PTRs of Droplets, which are their names',
  permissions:
    'a token with the scope droplet:update, which comes with droplet:read, actions:read, image:read, regions:read and sizes:read; droplet:read and what comes with it is enough for a plan',
  limits: [
    'The PTR of a Droplet is its name, where that has a dot: setting one renames the Droplet in the control panel, the API, monitoring and bills, and whatever looks for it by name (Terraform, an inventory). Its own hostname stays.',
    'To give the default back, the Droplet is renamed to the first label of the name: `mail` instead of mail.example.com.',
    'The public IPv4 address and the first IPv6 address of a Droplet have this one name together. Reserved IPs have no PTR.',
  ],
  notEachIpv6: 'a Droplet has one name, for its IPv4 address and its first IPv6 address',
  optionDocs: [{ name: 'token', required: true, secret: true, description: 'a personal access token; write env/NAME' }],
  options: (input): DigitalOceanOptions => schema.parse(input ?? {}),
  source: ({ token }, wait, { calls }) => dropletAddresses(digitalOceanApi(token, { calls: calls?.(token) }), wait),
})

export default plugin

/** What a change is sent to: a Droplet, with the name it has. */
export type DropletRef = Pick<Droplet, 'id' | 'name'>

export function dropletAddresses(api: DigitalOceanApi, wait: Pause): AddressSource<DropletRef> {
  return {
    notOurs: 'is no public address of a Droplet of this DigitalOcean account; Reserved IPs have no PTR',
    sharing: ({ id }) => String(id),
    find: async (addresses, signal) => {
      const droplets = await api.droplets(signal)
      return new Map(
        addresses.flatMap((address): [Address, OwnedAddress<DropletRef>][] => {
          const droplet = droplets.find((one) => hasAddress(one, address))
          return droplet ? [[address, owned(droplet)]] : []
        }),
      )
    },
    look: async (address, { id }, signal) => {
      const droplet = await api.droplet(id, signal)
      return droplet && hasAddress(droplet, address) ? owned(droplet) : undefined
    },
    set: (_, { id, name }, ptr) =>
      sending(
        (attempts) => api.rename(id, ptr === undefined ? firstLabel(name) : withoutDot(ptr), attempts),
        (begun): Promise<Sent> =>
          untilDone({
            begun,
            isDone: ({ status }) => status !== 'in-progress',
            look: ({ id: action }) => api.action(action),
            failureOf: ({ status }) => (status === 'errored' ? failed(id) : undefined),
            who: 'DigitalOcean',
            wait,
          }),
      ),
  }
}

function hasAddress({ addresses }: Droplet, address: Address): boolean {
  return addresses.some((one) => parseAddress(one) === address)
}

/** A name without a dot is no PTR. */
function owned({ id, name }: Droplet): OwnedAddress<DropletRef> {
  return ownedAddress({ id, name }, name.includes('.') ? name : undefined)
}

function firstLabel(name: string): string {
  return labelsOf(`${name}.` as Name)[0] ?? name
}

function failed(id: number): MailsyncError {
  return new MailsyncError('rejected', `DigitalOcean began to rename Droplet ${id} and failed`, {
    hint: 'look at the history of the Droplet in the control panel, then apply again',
    apiCode: 'errored',
  })
}
