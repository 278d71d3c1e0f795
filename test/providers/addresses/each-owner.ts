import { connectAddresses } from '../../../providers/addresses/connect-addresses.js'
import { azureApi } from '../../../providers/azure/api.js'
import { plugin as azure, publicAddresses } from '../../../providers/azure/index.js'
import { digitalOceanApi } from '../../../providers/digitalocean/api.js'
import { plugin as digitalocean, dropletAddresses } from '../../../providers/digitalocean/index.js'
import { gcpApi } from '../../../providers/gcp/api.js'
import { plugin as gcp, instanceAddresses } from '../../../providers/gcp/index.js'
import { googleToken } from '../../../providers/gcp/token.js'
import { hetznerAddresses } from '../../../providers/hetzner/addresses.js'
import { hetznerClient } from '../../../providers/hetzner/client.js'
import { plugin as hetzner } from '../../../providers/hetzner/index.js'
import { robotApi } from '../../../providers/hetzner-robot/api.js'
import { plugin as robot, robotAddresses } from '../../../providers/hetzner-robot/index.js'
import type { Trying } from '../../../providers/http/json-api.js'
import { plugin as linode, linodeAddresses } from '../../../providers/linode/index.js'
import { ovhApi } from '../../../providers/ovh/api.js'
import { plugin as ovh, ovhAddresses } from '../../../providers/ovh/index.js'
import type { AddressOwnerPlugin, ConnectContext, Provider } from '../../../providers/provider.js'
import { plugin as scaleway, scalewayAddresses } from '../../../providers/scaleway/index.js'
import { vultrApi } from '../../../providers/vultr/api.js'
import { plugin as vultr, vultrAddresses } from '../../../providers/vultr/index.js'
import { azureAccount, OPTIONS } from '../../fakes/addresses/azure.js'
import { TOKEN as DROPLET_TOKEN, dropletAccount } from '../../fakes/addresses/digitalocean.js'
import type { FakeAccount } from '../../fakes/addresses/fake-account.js'
import { gcpAccount, KEY } from '../../fakes/addresses/gcp.js'
import { TOKEN as LINODE_TOKEN, linodeAccount } from '../../fakes/addresses/linode.js'
import { KEYS, ovhAccount } from '../../fakes/addresses/ovh.js'
import { LOGIN, robotAccount } from '../../fakes/addresses/robot.js'
import { TOKEN as SCALEWAY_TOKEN, scalewayAccount } from '../../fakes/addresses/scaleway.js'
import { TOKEN as VULTR_TOKEN, vultrAccount } from '../../fakes/addresses/vultr.js'
import { hetznerAccount } from '../../fakes/hetzner/addresses.js'
import { TOKEN as HETZNER_TOKEN } from '../../fakes/hetzner/hetzner.js'

/** An address owner over HTTP, and the fake of its API. */
export interface OwnerUnderTest {
  readonly type: string
  readonly on: string
  readonly plugin: AddressOwnerPlugin<never>
  /** Options as a spec has them, `env/NAME` replaced. */
  readonly options: object
  /** What must be in no error. */
  readonly secrets: readonly string[]
  readonly account: () => FakeAccount
  /** The adapter, which never really waits. */
  connect(waits?: number[]): Provider
}

const context: ConnectContext = { directory: '/', zones: [] }

function owner<Options>(
  one: Pick<OwnerUnderTest, 'type' | 'options' | 'secrets' | 'account'> & {
    readonly on?: string
    readonly plugin: AddressOwnerPlugin<Options>
    readonly source: (
      trying: Trying & { readonly pause: (milliseconds: number) => Promise<void> },
    ) => Parameters<typeof connectAddresses<never>>[0]
  },
): OwnerUnderTest {
  const { source, on = 'its API', plugin, ...rest } = one
  return {
    ...rest,
    on,
    plugin: plugin as AddressOwnerPlugin<never>,
    connect: (waits = []) => {
      const pause = async (milliseconds: number): Promise<void> => {
        waits.push(milliseconds)
      }
      return connectAddresses(source({ pause }), pause)
    },
  }
}

export const OWNERS: readonly OwnerUnderTest[] = [
  owner({
    type: 'azure',
    plugin: azure,
    options: OPTIONS,
    secrets: [OPTIONS.client_secret],
    account: azureAccount,
    source: (trying) => publicAddresses(azureApi(OPTIONS, trying), trying.pause) as never,
  }),
  owner({
    type: 'digitalocean',
    plugin: digitalocean,
    options: { token: DROPLET_TOKEN },
    secrets: [DROPLET_TOKEN],
    account: dropletAccount,
    source: (trying) => dropletAddresses(digitalOceanApi(DROPLET_TOKEN, trying), trying.pause) as never,
  }),
  owner({
    type: 'gcp',
    plugin: gcp,
    options: { key: JSON.stringify(KEY) },
    secrets: [KEY.private_key],
    account: gcpAccount,
    source: (trying) =>
      instanceAddresses(gcpApi(KEY.project_id, googleToken(KEY, trying), trying), trying.pause) as never,
  }),
  owner({
    type: 'hetzner',
    on: 'the addresses of its Cloud API',
    plugin: hetzner.addressOwner as NonNullable<typeof hetzner.addressOwner>,
    options: { token: HETZNER_TOKEN },
    secrets: [HETZNER_TOKEN],
    account: hetznerAccount,
    source: (trying) => hetznerAddresses(hetznerClient(HETZNER_TOKEN, trying), trying.pause) as never,
  }),
  owner({
    type: 'hetzner-robot',
    plugin: robot,
    options: LOGIN,
    secrets: [LOGIN.password],
    account: robotAccount,
    source: (trying) => robotAddresses(robotApi(LOGIN, trying)) as never,
  }),
  owner({
    type: 'linode',
    plugin: linode,
    options: { token: LINODE_TOKEN },
    secrets: [LINODE_TOKEN],
    account: linodeAccount,
    source: (trying) => linodeAddresses(LINODE_TOKEN, trying) as never,
  }),
  owner({
    type: 'ovh',
    plugin: ovh,
    options: KEYS,
    secrets: [KEYS.application_secret, KEYS.consumer_key],
    account: ovhAccount,
    source: (trying) => ovhAddresses(ovhApi(KEYS, trying)) as never,
  }),
  owner({
    type: 'scaleway',
    plugin: scaleway,
    options: { token: SCALEWAY_TOKEN, zone: 'fr-par-1' },
    secrets: [SCALEWAY_TOKEN],
    account: scalewayAccount,
    source: (trying) => scalewayAddresses({ token: SCALEWAY_TOKEN, zone: 'fr-par-1' }, trying) as never,
  }),
  owner({
    type: 'vultr',
    plugin: vultr,
    options: { token: VULTR_TOKEN },
    secrets: [VULTR_TOKEN],
    account: vultrAccount,
    source: (trying) => vultrAddresses(vultrApi(VULTR_TOKEN, trying)) as never,
  }),
]

/** The adapter as a spec makes it. */
export function connectAsSpec({ plugin, options }: OwnerUnderTest): Promise<Provider> {
  return plugin.connect(options as never, context)
}
