import type { MailRecord } from '../../../records/families/mail-record.js'
import { displayName } from '../../../records/rr/name.js'
import { ARPA, addressAt } from '../../../records/rr/reverse.js'
import { keyOf } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import type { Connected } from '../connect.js'
import type { ZoneReport } from './zone-report.js'

/** Tries an address owner on the addresses that the spec has there: whether they are its own, and what their PTRs are. */
export async function checkAddresses(
  { name, provider }: Connected,
  records: readonly MailRecord[],
  signal: AbortSignal,
): Promise<ZoneReport> {
  const places = records.map(({ rrset }) => ({ name: rrset.name, type: rrset.type }))
  const held = zoneWith(ARPA, await provider.read(ARPA, signal, places))
  const states = places.map((place) => {
    const rrset = held.find(keyOf(place))
    const address = addressAt(place.name)
    if (rrset?.locked !== undefined) return { isOwn: false, remark: rrset.locked }
    const ptr = held.get(place.name, 'PTR')?.rdata[0]
    const byDefault = provider.providerDefault?.(place.name)
    const shown = byDefault === undefined ? '' : ` ${displayName(byDefault)}`
    return { isOwn: true, remark: `${address}: ${ptr === undefined ? `provider default${shown}` : displayName(ptr)}` }
  })
  return {
    zone: ARPA,
    provider: name,
    addressOwner: true,
    writable: states.every(({ isOwn }) => isOwn) ? 'unknown' : 'no',
    delegation: '',
    remarks: states.map(({ remark }) => remark),
  }
}
