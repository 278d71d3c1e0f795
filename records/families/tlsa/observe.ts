import type { Finding } from '../../finding.js'
import { displayName } from '../../rr/name.js'
import type { Zone } from '../../rr/zone.js'
import { finding } from '../../rules/rule.js'
import type { ZoneView } from '../../rules/zone-view.js'

/** What a signed zone holds at its apex, where its provider shows it (RFC 4034 §2, RFC 7344 §3). */
const SIGNED: readonly string[] = ['DNSKEY', 'CDNSKEY', 'CDS', 'NSEC3PARAM', 'RRSIG', 'NSEC']

/** Whether a zone shows that it is signed; many providers sign and show nothing. */
function showsSignatures(zone: Zone): boolean {
  return zone.at(zone.name).some(({ type }) => SIGNED.includes(type))
}

/** TLSA means nothing without DNSSEC (RFC 6698 §4.1), and what was read does not always tell whether a zone has it. */
export function observeTlsa({ zone, records }: ZoneView): Finding[] {
  const [first] = records.filter(({ purpose }) => purpose === 'tlsa')
  if (first === undefined || showsSignatures(zone)) return []
  return [
    finding(
      'note',
      'tlsa-dnssec-unknown',
      first.from,
      `${displayName(zone.name)} does not show whether it is signed, and without DNSSEC no sender looks at its TLSA (RFC 7672 §2.2)`,
      'ask DNS with `plan --online`, or sign the zone and give the DS to its registrar',
    ),
  ]
}
