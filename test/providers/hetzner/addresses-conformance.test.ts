import { connectAddresses } from '../../../providers/addresses/connect-addresses.js'
import { hetznerAddresses } from '../../../providers/hetzner/addresses.js'
import { hetznerClient } from '../../../providers/hetzner/client.js'
import { plugin } from '../../../providers/hetzner/index.js'
import type { AddressOwnerPlugin } from '../../../providers/provider.js'
import { hetznerAccount } from '../../fakes/hetzner/addresses.js'
import { TOKEN } from '../../fakes/hetzner/hetzner.js'
import { certifyAccount } from '../addresses/certify-account.js'

const pause = async (): Promise<void> => {}

certifyAccount({
  type: 'hetzner',
  plugin: plugin.addressOwner as AddressOwnerPlugin<never>,
  on: 'the addresses of its Cloud API',
  account: hetznerAccount,
  connect: () => connectAddresses(hetznerAddresses(hetznerClient(TOKEN, { pause }), pause), pause),
})
