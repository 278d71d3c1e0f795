import type { AddressAttribute, EC2Client } from '@aws-sdk/client-ec2'
import { MailsyncError } from '../../records/error.js'
import { type Address, familyOf } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { forwardMissing } from '../addresses/forward-missing.js'
import { NotAws } from '../aws/errors.js'
import { type Attempt, isAboutZone, sentOf } from '../http/attempts.js'
import { shortened } from '../http/reply.js'
import type { Pause } from '../http/waiting.js'
import { cancelled } from '../refusal.js'
import type { Sent } from '../write-batches.js'
import { allocationIds, domainNames, setDomainName } from './api.js'
import { explain, isForwardMissing } from './errors.js'

/** Milliseconds between two looks at a change that EC2 has begun, and after which it is given up. */
const INTERVAL = 3000
const PATIENCE = 5 * 60_000

/** What a change of an Elastic IP is sent to. */
interface ElasticIp {
  readonly allocationId: string
  /** EC2 has begun another change, and not ended it. */
  readonly isPending: boolean
}

/** The Elastic IPs of an account in one region. */
export function elasticIps(client: EC2Client, region: string, wait: Pause): AddressSource<ElasticIp> {
  const ended = (id: string, signal: AbortSignal): Promise<AddressAttribute | undefined> =>
    untilEnded(async () => (await domainNames(client, [id], signal)).get(id), wait, signal)
  return {
    notOurs: `is no Elastic IP of this account in ${region}; AWS sets the PTR of those alone`,
    look: async (address, { allocationId }, signal) =>
      owned(address, allocationId, region, (await domainNames(client, [allocationId], signal)).get(allocationId)),
    find: async (addresses, signal) => {
      const four = addresses.filter((address) => familyOf(address) === 4)
      const ids = await allocationIds(client, four, signal)
      if (ids.size === 0) return new Map()
      const held = await domainNames(client, [...ids.values()], signal)
      return new Map([...ids].map(([address, id]) => [address, owned(address, id, region, held.get(id))]))
    },
    set: async (address, { allocationId: id, isPending }, ptr, signal) => {
      const busy = isPending ? await ended(id, signal).then(nothing, failureOf) : undefined
      if (busy) return { kind: 'unsent', failure: busy }
      const sent = await send(client, { address, id, ptr }, signal)
      if (sent.kind !== 'written') return sent
      const held = await ended(id, signal).catch(failureOf)
      if (held instanceof MailsyncError) return { kind: 'lost', failure: held, over: false }
      const { Status = '', Reason = '' } = held?.PtrRecordUpdate ?? {}
      return /^FAILED$/i.test(Status) ? { kind: 'lost', failure: failed(address, ptr, Reason), over: true } : sent
    },
  }
}

/** While EC2 is at it, what it is going to be counts. */
function owned(
  address: Address,
  allocationId: string,
  region: string,
  held: AddressAttribute | undefined,
): OwnedAddress<ElasticIp> {
  const isPending = isAtIt(held)
  const text = (isPending && held?.PtrRecordUpdate?.Value) || held?.PtrRecord
  return ownedAddress({ allocationId, isPending }, text, defaultName(address, region))
}

/** As "Public IPv4 DNS names" of the EC2 User Guide has it (read 2026-11). */
function defaultName(address: Address, region: string): Name {
  const place = region === 'us-east-1' ? 'compute-1' : `${region}.compute`
  return `ec2-${address.replaceAll('.', '-')}.${place}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}.` as Name
}

function isAtIt(held: AddressAttribute | undefined): boolean {
  return held?.PtrRecordUpdate?.Status?.toUpperCase() === 'PENDING'
}

interface Setting {
  readonly address: Address
  readonly id: string
  readonly ptr: Name | undefined
}

async function send(client: EC2Client, { address, id, ptr }: Setting, signal: AbortSignal): Promise<Sent> {
  const attempts: Attempt[] = []
  try {
    await setDomainName(client, id, ptr, attempts, signal)
    return { kind: 'written' }
  } catch (error) {
    const isRefused = attempts.at(-1) === 'refused' && !(error instanceof NotAws)
    const told = explain(error, ptr === undefined ? 'ec2:ResetAddressAttribute' : 'ec2:ModifyAddressAttribute')
    const failure =
      ptr !== undefined && isRefused && told.code === 'rejected' && isForwardMissing(told.message)
        ? forwardMissing({ who: 'EC2', address, ptr, message: shortened(told.message), apiCode: told.apiCode ?? '' })
        : told
    return sentOf(failure, attempts, { isRefused, isAboutZone: isAboutZone(failure.code) })
  }
}

/** What an address has once EC2 has done, or failed to do, what it began. What is done has no status. */
async function untilEnded(
  read: () => Promise<AddressAttribute | undefined>,
  wait: Pause,
  signal: AbortSignal,
): Promise<AddressAttribute | undefined> {
  for (let waited = 0; ; waited += INTERVAL) {
    const held = await read()
    if (!isAtIt(held)) return held
    if (waited >= PATIENCE)
      throw new MailsyncError('timeout', 'EC2 has not finished to set the PTR after 5 minutes', {
        hint: 'it goes on there',
        apiCode: 'PENDING',
      })
    await wait(INTERVAL, signal).catch(() => {
      throw cancelled()
    })
  }
}

function failed(address: Address, ptr: Name | undefined, reason: string): MailsyncError {
  const message = shortened(reason) || 'no reason is given'
  if (ptr !== undefined && isForwardMissing(reason))
    return forwardMissing({ who: 'EC2', address, ptr, message, apiCode: 'FAILED' })
  return new MailsyncError('rejected', `EC2 began to change the PTR of ${address} and failed: ${message}`, {
    hint: 'plan again to see what the address has now',
    apiCode: 'FAILED',
  })
}

function nothing(): undefined {}

function failureOf(error: unknown): MailsyncError {
  if (error instanceof MailsyncError) return error
  throw error
}
