import {
  type AddressAttribute,
  type Address as AddressReply,
  DescribeAddressesAttributeCommand,
  DescribeAddressesCommand,
  type EC2Client,
  ModifyAddressAttributeCommand,
  ResetAddressAttributeCommand,
} from '@aws-sdk/client-ec2'
import type { Address } from '../../records/rr/address.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import { noting } from '../aws/attempts.js'
import { NotAws } from '../aws/errors.js'
import type { Attempt } from '../http/attempts.js'
import { Listing } from '../http/listing.js'
import { explain } from './errors.js'

/*
 * The calls that the adapter makes (Amazon EC2 API Reference 2016-11-15, read 2026-11). What reads throws MailsyncError, what
 * writes throws what the SDK throws.
 */

/** Values that one filter takes. */
const FILTER_VALUES = 200

/** The allocation ids of those addresses that are Elastic IPs of the account in the client's region. */
export async function allocationIds(
  client: EC2Client,
  addresses: readonly Address[],
  signal: AbortSignal,
): Promise<Map<Address, string>> {
  const found: AddressReply[] = []
  for (let from = 0; from < addresses.length; from += FILTER_VALUES) {
    const Filters = [{ Name: 'public-ip', Values: addresses.slice(from, from + FILTER_VALUES) }]
    const { Addresses = [] } = await reading('ec2:DescribeAddresses', signal, (abortSignal) =>
      client.send(new DescribeAddressesCommand({ Filters }), { abortSignal }),
    )
    found.push(...Addresses)
  }
  const known = new Set(addresses)
  return new Map(
    found.flatMap(({ PublicIp, AllocationId }): [Address, string][] =>
      AllocationId !== undefined && known.has(PublicIp as Address) ? [[PublicIp as Address, AllocationId]] : [],
    ),
  )
}

/** The PTRs of some Elastic IPs by allocation id; one that nobody has set is left out. */
export async function domainNames(
  client: EC2Client,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, AddressAttribute>> {
  const items = await everyPage('ec2:DescribeAddressesAttribute', signal, async (NextToken, abortSignal) => {
    const input = { AllocationIds: [...ids], Attribute: 'domain-name' as const, NextToken }
    const page = await client.send(new DescribeAddressesAttributeCommand(input), { abortSignal })
    return { items: page.Addresses ?? [], next: page.NextToken }
  })
  return new Map(items.map((one) => [one.AllocationId ?? '', one]))
}

/** Sets the PTR of an Elastic IP, or gives AWS's default back. Both go on after the reply. */
export async function setDomainName(
  client: EC2Client,
  AllocationId: string,
  ptr: Name | undefined,
  attempts: Attempt[],
  signal: AbortSignal,
): Promise<void> {
  if (ptr === undefined) {
    const command = new ResetAddressAttributeCommand({ AllocationId, Attribute: 'domain-name' })
    await client.send(noting(command, attempts, signal))
  } else {
    const command = new ModifyAddressAttributeCommand({ AllocationId, DomainName: withoutDot(ptr) })
    await client.send(noting(command, attempts, signal))
  }
}

/** A listing that EC2 gives in pages, to its end. */
export async function everyPage<T>(
  action: string,
  signal: AbortSignal,
  ask: (
    token: string | undefined,
    own: AbortSignal,
  ) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const listing = new Listing<T>('EC2')
  let token: string | undefined
  do {
    const { items, next } = await reading(action, signal, (own) => ask(token, own))
    listing.add(items)
    if (next !== undefined && next === token) throw explain(new NotAws(200), '')
    token = next
  } while (token)
  return listing.items
}

/** Each call has a signal of its own: Node warns of a leak when more than ten listen to one. */
export async function reading<T>(
  action: string,
  signal: AbortSignal,
  send: (own: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await send(AbortSignal.any([signal]))
  } catch (error) {
    throw explain(error, action)
  }
}
