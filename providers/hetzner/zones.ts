import { MailsyncError } from '../../records/error.js'
import { displayName, type Name, withoutDot } from '../../records/rr/name.js'
import { absoluteName } from '../foreign.js'
import type { Pause } from '../http/waiting.js'
import { type ZoneDirectory, zoneDirectory } from '../http/zone-directory.js'
import type { ZoneCheck } from '../provider.js'
import { waitUntilServed } from '../wait-until-served.js'
import { type HetznerApi, type NativeZone, ZONES_A_PAGE, type ZoneRef } from './api.js'

/** @param declared how many zones are going to be asked for */
export function hetznerZones(api: HetznerApi, declared: number): ZoneDirectory<NativeZone> {
  return zoneDirectory(
    {
      who: 'Hetzner',
      page: (page, signal) => api.zones(page, undefined, signal),
      pageSize: ZONES_A_PAGE,
      lookUp: async (name, signal) => (await api.zones(1, withoutDot(name), signal)).items,
      nameOf: ({ name }) => absoluteName(name),
      choose: theOne,
    },
    declared,
  )
}

/** A project has one zone of a name. */
function theOne(name: Name, [zone]: readonly NativeZone[]): NativeZone {
  if (zone !== undefined) return zone
  throw new MailsyncError('zone-not-found', `the Hetzner project of the API token has no zone ${displayName(name)}`, {
    where: { zone: name },
    hint: 'add the zone in the Hetzner Console, or use a token of the project that has it: a token sees one project',
  })
}

export function isSecondary({ mode }: NativeZone): boolean {
  return mode === 'secondary'
}

/** What the registry's name servers say of the delegation, as Hetzner last saw it. */
const DELEGATION: Readonly<Record<string, string>> = {
  'partially-valid': 'the registrar names only some of Hetzner’s name servers, or others beside them',
  invalid: 'the registrar names other name servers, so that records written here are not seen',
  lame: 'name servers that the registrar names do not answer for the zone',
  unregistered: 'the domain is not registered',
}

/** What the zone itself says. Whether the token may write is told by no call that does not write (2026-11). */
export function checkOf(zone: NativeZone): ZoneCheck {
  const { assigned = [], delegation_status: delegation = '' } = zone.authoritative_nameservers ?? {}
  const remarks: string[] = []
  if (isSecondary(zone))
    remarks.push('a secondary zone is filled by zone transfer; the API neither shows nor changes its records')
  if (Object.hasOwn(DELEGATION, delegation)) remarks.push(DELEGATION[delegation] as string)
  if (zone.status === 'error') remarks.push('Hetzner could not bring the zone to its name servers')
  return { writable: isSecondary(zone) ? 'no' : 'unknown', nameServers: assigned.map(absoluteName), remarks }
}

/** Waits until the name servers have what was written to each zone. Throws `timeout` after ten minutes. */
export function zonesServed(
  api: HetznerApi,
  zones: readonly ZoneRef[],
  signal: AbortSignal,
  report: (message: string) => void,
  pause: Pause,
): Promise<void> {
  const isServed = async (zone: ZoneRef): Promise<boolean> => {
    const { status } = await api.zone(zone, signal)
    if (status === 'error') throw notServed(zone, 'unavailable', 'Hetzner could not bring the zone to its name servers')
    return status !== 'updating'
  }
  const late = ([zone]: readonly ZoneRef[]): MailsyncError =>
    notServed(zone as ZoneRef, 'timeout', 'what was written is not on every name server of Hetzner after ten minutes')
  return waitUntilServed({ parts: zones, noun: 'zone', interval: 2000, isServed, late }, signal, report, pause)
}

function notServed({ name }: ZoneRef, code: 'unavailable' | 'timeout', message: string): MailsyncError {
  return new MailsyncError(code, message, {
    where: { zone: name },
    hint: 'it is written and will arrive; status.hetzner.com tells of disturbances',
  })
}
