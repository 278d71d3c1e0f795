import { describe } from 'vitest'
import { connectAddresses } from '../../../providers/addresses/connect-addresses.js'
import { openClient } from '../../../providers/ec2/client.js'
import { elasticIps } from '../../../providers/ec2/elastic-ips.js'
import { plugin } from '../../../providers/ec2/index.js'
import { addressAt } from '../../../records/rr/reverse.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { certify } from '../../conformance/certify.js'
import { type Call, Ec2Fake } from '../../fakes/ec2/ec2.js'
import { canOfOwners } from '../addresses/certify-account.js'

const isWrite = ({ action }: Call): boolean => /^(Modify|Reset)/.test(action)

describe('ec2', () => {
  certify(
    { on: 'its API', kind: 'stateful fake' },
    {
      plugin,
      can: canOfOwners,
      open: async (_, seed) => {
        const fake = new Ec2Fake()
        fake.polls = 1
        for (let octet = 10; octet < 20; octet++) fake.add(`192.0.2.${octet}`)
        const edit = async (rrsets: readonly RRset[]): Promise<void> => {
          for (const { name, rdata } of rrsets) fake.put(addressAt(name) as string, rdata[0] as string | undefined)
        }
        await edit(seed)
        const { client, region } = await openClient({
          region: 'eu-west-1',
          access_key_id: 'AKIAIOSFODNN7EXAMPLE',
          secret_access_key: 'x',
          client_max_attempts: 1,
        })
        return {
          provider: connectAddresses(
            elasticIps(client, region, async () => {}),
            async () => {},
          ),
          edit,
          loseReply: () => {
            let isLost = false
            fake.fault = (call) => {
              if (isLost || !isWrite(call)) return undefined
              isLost = true
              return { when: 'after', reply: 'cut' }
            }
          },
          cutRead: () => {
            let isCut = false
            fake.fault = () => {
              if (isCut) return undefined
              isCut = true
              return { when: 'before', reply: { status: 200, body: '<?xml version="1.0"?><DescribeAddressesResp' } }
            }
          },
          writes: () => fake.calls.filter(isWrite).length,
          close: async () => {
            client.destroy()
            fake.close()
          },
        }
      },
    },
  )
})
