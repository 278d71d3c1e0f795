import { displayName, type Name, relativeTo } from '../../records/rr/name.js'
import type { Attempt } from '../http/attempts.js'
import type { Call } from '../http/call.js'
import { everyPage, listingChanged, type Page } from '../http/listing.js'
import { member } from '../http/member.js'
import { type Action, type HetznerClient, notHetzner } from './client.js'
import { isNativeRRset, type NativeRRset } from './convert.js'

/** The calls that the adapter makes about zones. Each throws MailsyncError. */
export interface HetznerApi {
  /** One page of the project's zones, of all or of those with this name. */
  zones(page: number, name: string | undefined, signal: AbortSignal): Promise<Page<NativeZone>>
  zone(zone: ZoneRef, signal: AbortSignal): Promise<NativeZone>
  /** Every RRset of a zone, or every one at a name. `again` is false where one attempt is enough. */
  rrsets(zone: ZoneRef, options: { at?: Name; signal?: AbortSignal; again?: boolean }): Promise<readonly NativeRRset[]>
  /** Begins one change; not stopped once it is sent. Every attempt is noted in `attempts`. */
  begin(zone: ZoneRef, step: Step, attempts: Attempt[]): Promise<Action>
  /** How far an action is. */
  action(id: number): Promise<Action>
  /** Whether any action of a zone has not ended yet. */
  isChanging(zone: ZoneRef): Promise<boolean>
}

/** A zone by the API's id and by name. */
export interface ZoneRef {
  readonly id: number
  readonly name: Name
}

export interface NativeZone {
  readonly id: number
  /** In A-labels, without a dot at its end. */
  readonly name: string
  /** Seconds, of the RRsets that have none of their own. */
  readonly ttl: number
  readonly mode?: string
  /** Whether the name servers have what the API has: `ok`, `updating`, `error`. */
  readonly status?: string
  readonly authoritative_nameservers?: {
    readonly assigned?: readonly string[]
    readonly delegation_status?: string
  } | null
}

/** One request that changes one RRset. */
export interface Step {
  readonly doing: string
  /** Of a POST, below `/zones/{id}/rrsets`. */
  readonly path: readonly string[]
  readonly body: object
  /** Whether it is sent at most once, whatever the API is busy with. */
  readonly isOnce?: boolean
}

/** The largest pages there are; more is refused. */
export const ZONES_A_PAGE = 50
const RRSETS_A_PAGE = 100

export function hetznerApi({ call, page, begin, action }: HetznerClient): HetznerApi {
  return {
    action,
    zones: (number, name, signal) =>
      page(
        {
          doing: 'list the zones',
          method: 'GET',
          path: ['zones'],
          query: { per_page: ZONES_A_PAGE, ...(name === undefined ? {} : { name }) },
          signal,
        },
        'zones',
        number,
        isNativeZone,
      ),
    zone: async ({ id, name }, signal) => {
      const doing = `show the zone ${displayName(name)}`
      const { body } = await call({ doing, method: 'GET', path: ['zones', id], signal })
      const zone = member(body, 'zone')
      if (!isNativeZone(zone)) throw notHetzner()
      return zone
    },
    rrsets: async ({ id, name }, { at, signal, again }) => {
      const listing: Call = {
        doing: `list the RRsets of ${displayName(name)}`,
        method: 'GET',
        path: ['zones', id, 'rrsets'],
        query: { per_page: RRSETS_A_PAGE, ...(at === undefined ? {} : { name: relativeTo(name, at) }) },
        ...(signal && { signal }),
        ...(again === undefined ? {} : { again }),
      }
      const rrsets = await everyPage('Hetzner', (number) => page(listing, 'rrsets', number, isNativeRRset))
      if (new Set(rrsets.map((rrset) => `${rrset.name}/${rrset.type}`)).size < rrsets.length)
        throw listingChanged('Hetzner')
      return rrsets
    },
    begin: ({ id }, { doing, path, body, isOnce }, attempts) =>
      begin({
        doing,
        method: 'POST',
        path: ['zones', id, 'rrsets', ...path],
        attempts,
        body,
        ...(isOnce && { again: false }),
      }),
    isChanging: async ({ id, name }) => {
      const doing = `list the running changes of ${displayName(name)}`
      const query = { status: 'running', per_page: 1 }
      const reply = await call({ doing, method: 'GET', path: ['zones', id, 'actions'], query })
      const actions = member(reply.body, 'actions')
      if (!Array.isArray(actions)) throw notHetzner()
      return actions.length > 0
    },
  }
}

function isNativeZone(item: unknown): item is NativeZone {
  return (
    Number.isSafeInteger(member(item, 'id')) &&
    typeof member(item, 'name') === 'string' &&
    typeof member(item, 'ttl') === 'number'
  )
}
