import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2'
import { MailsyncError } from '../../records/error.js'
import { parseAddress, scopeOf } from '../../records/rr/address.js'
import type { Tag } from '../provider.js'
import { everyPage, reading } from './api.js'

/**
 * The addresses that the Internet knows, of all that has a tag in the client's region: Elastic IPs, running instances and NAT
 * gateways. As in all filters of EC2, `*` and `?` of a value stand for other characters. Throws `unavailable` while an instance is not running, as its addresses may change until it is.
 */
export async function taggedAddresses(client: EC2Client, tag: Tag, signal: AbortSignal): Promise<readonly string[]> {
  const Filters = [{ Name: `tag:${tag.key}`, Values: [tag.value] }]
  const found = await Promise.all([
    elasticIps(client, Filters, signal),
    instances(client, Filters, signal),
    natGateways(client, Filters, signal),
  ])
  return [...new Set(found.flat())]
}

type Filters = readonly { Name: string; Values: string[] }[]

async function elasticIps(client: EC2Client, filters: Filters, signal: AbortSignal): Promise<readonly string[]> {
  const command = new DescribeAddressesCommand({ Filters: [...filters] })
  const { Addresses = [] } = await reading('ec2:DescribeAddresses', signal, (abortSignal) =>
    client.send(command, { abortSignal }),
  )
  return Addresses.flatMap(({ PublicIp }) => PublicIp ?? [])
}

/** What an instance has until it is gone for good. */
const LIVING = ['pending', 'running', 'stopping', 'stopped']

async function instances(client: EC2Client, filters: Filters, signal: AbortSignal): Promise<readonly string[]> {
  const Filters = [...filters, { Name: 'instance-state-name', Values: LIVING }]
  const reservations = await everyPage('ec2:DescribeInstances', signal, async (NextToken, abortSignal) => {
    const page = await client.send(new DescribeInstancesCommand({ Filters, NextToken }), { abortSignal })
    return { items: page.Reservations ?? [], next: page.NextToken }
  })
  return reservations.flatMap(({ Instances = [] }) => Instances.flatMap(addressesOf))
}

function addressesOf({ InstanceId, State, PublicIpAddress, NetworkInterfaces = [] }: Instance): string[] {
  if (State?.Name !== 'running')
    throw new MailsyncError('unavailable', `the instance ${InstanceId} is ${State?.Name}, not running`, {
      hint: 'start it, or take the tag from it',
    })
  const six = NetworkInterfaces.flatMap(({ Ipv6Addresses = [] }) => Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address))
  const four = NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) =>
    PrivateIpAddresses.map(({ Association }) => Association?.PublicIp),
  )
  return [PublicIpAddress, ...four, ...six.filter(isNotPrivate)].filter((address) => address !== undefined)
}

/** A VPC may have private IPv6 networks, too. */
function isNotPrivate(text = ''): boolean {
  const address = parseAddress(text)
  return typeof address !== 'string' || scopeOf(address) !== 'private'
}

async function natGateways(client: EC2Client, filters: Filters, signal: AbortSignal): Promise<readonly string[]> {
  const Filter = [...filters, { Name: 'state', Values: ['available'] }]
  const gateways = await everyPage('ec2:DescribeNatGateways', signal, async (NextToken, abortSignal) => {
    const page = await client.send(new DescribeNatGatewaysCommand({ Filter, NextToken }), { abortSignal })
    return { items: page.NatGateways ?? [], next: page.NextToken }
  })
  return gateways.flatMap(({ NatGatewayAddresses = [] }) =>
    NatGatewayAddresses.flatMap(({ PublicIp }) => PublicIp ?? []),
  )
}
