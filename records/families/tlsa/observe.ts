import type { Finding } from '../../finding.js'
import { displayName } from '../../rr/name.js'
import { rdataText } from '../../rr/rdata.js'
import type { Zone } from '../../rr/zone.js'
import { finding } from '../../rules/rule.js'
import type { ZoneView } from '../../rules/zone-view.js'

/** What a signed zone holds at its apex, where its provider shows it (RFC 4034 §2, RFC 7344 §3). */
const SIGNED: readonly string[] = ['DNSKEY', 'CDNSKEY', 'CDS', 'NSEC3PARAM', 'RRSIG', 'NSEC']

/** Whether a zone shows that it is signed; many providers sign and show nothing. */
function showsSignatures(zone: Zone): boolean {
  return zone.at(zone.name).some(({ type }) => SIGNED.includes(type))
}

/**
 * TLSA means nothing without DNSSEC (RFC 6698 §4.1), and what was read does not always tell whether a zone has it. Where all keys of a
 * host change at once, either those who remember the old ones or those who see the new ones refuse its server (RFC 7671 §8.1).
 */
export function observeTlsa({ zone, before, records }: ZoneView): Finding[] {
  const own = records.filter(({ purpose }) => purpose === 'tlsa')
  const [first] = own
  if (first === undefined) return []
  const replaced = own.flatMap(({ rrset: { name }, from }) => {
    const texts = (one: Zone): readonly string[] =>
      (one.get(name, 'TLSA')?.rdata ?? []).map((value) => rdataText('TLSA', value))
    const [old, next] = [texts(before), texts(zone)]
    if (old.length === 0 || next.length === 0 || next.some((text) => old.includes(text))) return []
    return [
      finding(
        'warning',
        'tlsa-no-overlap',
        from,
        `every key at ${displayName(name)} is replaced at once: senders that remember the old ones refuse the server with a new one, or those that see the new ones a server with an old one`,
        'publish the next key beside the current one first, and wait two TTLs before the server uses it; `tlsa.roll` does it so',
      ),
    ]
  })
  if (showsSignatures(zone)) return replaced
  return [
    ...replaced,
    finding(
      'note',
      'tlsa-dnssec-unknown',
      first.from,
      `${displayName(zone.name)} does not show whether it is signed, and without DNSSEC no sender looks at its TLSA (RFC 7672 §2.2)`,
      'ask DNS with `plan --online`, or sign the zone and give the DS to its registrar',
    ),
  ]
}
