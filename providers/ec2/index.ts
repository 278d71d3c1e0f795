import { addressPlugin } from '../addresses/address-plugin.js'
import { accountOf } from '../aws/options.js'
import { openClient } from './client.js'
import { elasticIps } from './elastic-ips.js'
import { optionDocs, parseOptions } from './options.js'
import { taggedAddresses } from './tagged.js'

/** Elastic IPs of Amazon EC2, API version 2016-11-15. */
export const plugin = addressPlugin({
  type: 'ec2',
  description: 'Amazon EC2: the PTRs of Elastic IPs, those of a NAT gateway among them',
  optionDocs,
  permissions:
    'the IAM actions ec2:DescribeAddresses, ec2:DescribeAddressesAttribute, ec2:ModifyAddressAttribute and ec2:ResetAddressAttribute; the first two are enough for a plan. For `addresses: { from: [ec2:TAG=VALUE] }` ec2:DescribeAddresses, ec2:DescribeInstances and ec2:DescribeNatGateways',
  limits: [
    'A provider has the Elastic IPs of one region. IPv6 addresses, and public addresses that are no Elastic IP, have no PTR of their own at AWS.',
    'EC2 sets a PTR only once its name leads to the address, and goes on after its reply: that is waited for, up to 5 minutes.',
    'An Elastic IP with a PTR cannot be released: remove its host from the spec and apply first.',
    'AWS lets mail out through port 25 only once it was asked to (“Request to remove email sending limitations”).',
  ],
  needsForward: true,
  notEachIpv6: 'AWS has no PTR for IPv6 addresses',
  options: parseOptions,
  source: async (options, wait, { calls }) => {
    const { client, region } = await openClient(options, calls?.(accountOf(options)))
    return {
      ...elasticIps(client, region, wait),
      tagged: (tag, signal) => taggedAddresses(client, tag, signal),
      close: async () => client.destroy(),
    }
  },
})

export default plugin
