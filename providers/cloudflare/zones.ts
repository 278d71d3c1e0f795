import type { Zone } from 'cloudflare/resources/zones/zones'
import { MailsyncError } from '../../records/error.js'
import { displayName, type Name, withoutDot } from '../../records/rr/name.js'
import { absoluteName } from '../foreign.js'
import { type ZoneDirectory, type ZoneSource, zoneDirectory } from '../http/zone-directory.js'
import type { ZoneCheck } from '../provider.js'
import { type CloudflareApi, ZONES_A_PAGE } from './api.js'

/** @param declared how many zones are going to be asked for */
export function cloudflareZones(api: CloudflareApi, declared: number): ZoneDirectory<Zone> {
  const source: ZoneSource<Zone> = {
    who: 'Cloudflare',
    page: (page, signal) => api.zones(page, undefined, signal),
    pageSize: ZONES_A_PAGE,
    lookUp: async (name, signal) => {
      for (const spelling of spellings(name)) {
        const { items } = await api.zones(1, spelling, signal)
        if (items.length > 0) return items
      }
      return []
    },
    nameOf: ({ name }) => absoluteName(name),
    choose: theOne,
  }
  return zoneDirectory(source, declared)
}

/** IDN zones are filed under their Unicode name, and older ones are found by that alone (cloudflare-go issue 347, 2026-11). */
function spellings(name: Name): readonly string[] {
  return [...new Set([displayName(name), withoutDot(name)])]
}

/** Several accounts may have a zone of one name, of which at most one is active; an internal zone is not public DNS. */
function theOne(name: Name, zones: readonly Zone[]): Zone {
  const served = zones.filter(({ type }) => type !== 'internal')
  const active = served.filter(({ status }) => status === 'active')
  const [zone, ...others] = active.length > 0 ? active : served
  if (zone === undefined)
    throw new MailsyncError('zone-not-found', `the token reaches no zone ${displayName(name)} at Cloudflare`, {
      where: { zone: name },
      hint: 'add the zone to the account, or give the token Zone > Zone > Read for it; account_id, if set, must be the zone’s account',
    })
  if (others.length > 0)
    throw new MailsyncError('zone-not-found', `${zones.length} Cloudflare accounts have a zone ${displayName(name)}`, {
      where: { zone: name },
      hint: `say which with account_id: ${served.map(({ account }) => `${account.id} (${account.name})`).join(', ')}`,
    })
  return zone
}

/**
 * What the zone itself says. Its `permissions` are what the token or user may do there (`#dns_records:edit`); the API calls
 * the list deprecated but sends it (2026-11), and where it is missing only a write would tell.
 */
export function checkOf({ permissions = [], name_servers, vanity_name_servers, ...zone }: Zone): ZoneCheck {
  const secondary = zone.type === 'secondary'
  const mayEdit = permissions.length === 0 ? 'unknown' : permissions.includes('#dns_records:edit') ? 'yes' : 'no'
  const remarks: string[] = []
  if (secondary) remarks.push('a secondary zone is filled by zone transfer and cannot be written here')
  if (zone.type === 'partial')
    remarks.push('a partial (CNAME) setup: other name servers are authoritative, and records written here are not seen')
  if (mayEdit === 'no') remarks.push('the API token lacks the permission Zone > DNS > Edit for this zone')
  if (zone.status !== undefined && zone.status !== 'active') remarks.push(statusRemark(zone.status))
  if (zone.paused === true) remarks.push('the zone is paused: DNS is served, nothing is proxied')
  const nameServers = vanity_name_servers?.length ? vanity_name_servers : (name_servers ?? [])
  return { writable: secondary ? 'no' : mayEdit, nameServers: nameServers.map(absoluteName), remarks }
}

function statusRemark(status: string): string {
  if (status === 'pending') return 'the zone is pending: the registrar does not name Cloudflare’s name servers yet'
  if (status === 'moved') return 'the zone has moved away: the registrar names other name servers'
  return `the zone is ${status}`
}
