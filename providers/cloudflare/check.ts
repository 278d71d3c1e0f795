import type { Zone } from 'cloudflare/resources/zones/zones'
import type { ZoneCheck } from '../provider.js'
import { absoluteName } from './native.js'

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
