import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type GetHostedZoneCommandOutput,
  type HostedZone,
  ListHostedZonesByNameCommand,
  type ListHostedZonesByNameCommandInput,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type Change as NativeChange,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53'
import { noting } from '../aws/attempts.js'
import { NotAws } from '../aws/errors.js'
import type { Attempt } from '../http/attempts.js'
import { Listing } from '../http/listing.js'
import { explain } from './errors.js'

/** Where a page of zones begins; `{}` is the first zone of the account. */
export type ZoneCursor = Pick<ListHostedZonesByNameCommandInput, 'DNSName' | 'HostedZoneId'>

export interface ZonePage {
  readonly zones: readonly HostedZone[]
  readonly next: ZoneCursor | undefined
}

/** One page of at most 100 zones, ordered by their names with the labels reversed. Zones of one name follow each other. */
export async function listZones(client: Route53Client, from: ZoneCursor, signal: AbortSignal): Promise<ZonePage> {
  const page = await call('route53:ListHostedZonesByName', signal, (abortSignal) =>
    client.send(new ListHostedZonesByNameCommand({ ...from, MaxItems: 100 }), { abortSignal }),
  )
  const next = page.IsTruncated ? { DNSName: page.NextDNSName, HostedZoneId: page.NextHostedZoneId } : undefined
  requireProgress(next, from)
  const zones = page.HostedZones ?? []
  requireEach(zones, ['Id', 'Name'])
  return { zones, next }
}

export async function getZone(
  client: Route53Client,
  id: string,
  signal: AbortSignal,
): Promise<GetHostedZoneCommandOutput> {
  const found = await call('route53:GetHostedZone', signal, (abortSignal) =>
    client.send(new GetHostedZoneCommand({ Id: id }), { abortSignal }),
  )
  requireEach<Partial<HostedZone>>([found.HostedZone ?? {}], ['Id', 'Name'])
  return found
}

/**
 * Every record set of a zone, 300 a page, changes that are still PENDING included. The cursor needs all three of name,
 * type and SetIdentifier; the SDK has no paginator for this call (checked 2026-11, 3.1169).
 */
export async function listRecordSets(
  client: Route53Client,
  zoneId: string,
  signal: AbortSignal,
): Promise<ResourceRecordSet[]> {
  const listing = new Listing<ResourceRecordSet>('Route 53')
  let from: Partial<ListResourceRecordSetsCommandInput> | undefined = {}
  while (from) {
    const input: ListResourceRecordSetsCommandInput = { HostedZoneId: zoneId, MaxItems: 300, ...from }
    const page = await call('route53:ListResourceRecordSets', signal, (abortSignal) =>
      client.send(new ListResourceRecordSetsCommand(input), { abortSignal }),
    )
    const sets = page.ResourceRecordSets ?? []
    listing.add(sets)
    requireEach(sets, ['Name', 'Type'])
    const next: Partial<ListResourceRecordSetsCommandInput> | undefined = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : undefined
    requireProgress(next, from)
    from = next
  }
  return listing.items
}

/** What the API always gives; a zone or a set without it would be taken for another. */
function requireEach<T extends object>(items: readonly T[], fields: readonly (keyof T)[]): void {
  if (items.some((item) => fields.some((field) => !item[field]))) throw explain(new NotAws(200), '')
}

/** A page that is not the last one says where the next begins: elsewhere than itself. */
function requireProgress(next: object | undefined, from: object): void {
  if (next && JSON.stringify(next) === JSON.stringify(from)) throw explain(new NotAws(200), '')
}

/** Sends one batch and gives the id of the change. Throws what the SDK throws. Each attempt is noted. */
export async function changeRecordSets(
  client: Route53Client,
  zoneId: string,
  elements: readonly NativeChange[],
  attempts: Attempt[],
  signal: AbortSignal,
): Promise<string> {
  const command = new ChangeResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    ChangeBatch: { Comment: 'mailsync', Changes: [...elements] },
  })
  const { ChangeInfo } = await client.send(noting(command, attempts, signal))
  if (!ChangeInfo?.Id) throw new NotAws(200)
  return ChangeInfo.Id
}

/** Whether a change is on every name server of Route 53. */
export async function isInSync(client: Route53Client, changeId: string, signal: AbortSignal): Promise<boolean> {
  const { ChangeInfo } = await call('route53:GetChange', signal, (abortSignal) =>
    client.send(new GetChangeCommand({ Id: changeId }), { abortSignal }),
  )
  return ChangeInfo?.Status === 'INSYNC'
}

/** Each call has a signal of its own: Node warns of a leak when more than ten listen to one. */
async function call<T>(
  action: string,
  signal: AbortSignal,
  send: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await send(AbortSignal.any([signal]))
  } catch (error) {
    throw explain(error, action)
  }
}
