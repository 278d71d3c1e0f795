import type { Compiled } from '../../../records/compile.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import { includedNames } from '../../../records/families/spf/graph.js'
import { type Name, parentOf, zoneOf } from '../../../records/rr/name.js'
import { ARPA, isReverse } from '../../../records/rr/reverse.js'
import { joinedTxt } from '../../../records/rr/txt.js'

/** The names that a record leads mail to, which have to be there before it: as `targetsOf` of the order of writes tells them of changes. */
function ledNames({ rrset, purpose }: MailRecord): readonly Name[] {
  if (rrset.type === 'MX') return rrset.rdata.map(({ exchange }) => exchange)
  if (rrset.type === 'TXT' && purpose === 'spf') return rrset.rdata.flatMap((txt) => includedNames(joinedTxt(txt)))
  if ((rrset.type === 'PTR' && purpose === 'ptr') || (rrset.type === 'CNAME' && purpose === 'dkim')) return rrset.rdata
  return []
}

/** What the zones of a spec have to do with each other. */
export interface ZoneLinks {
  /** For each zone that leads to others: these; nested reverse zones count as the outermost. */
  readonly zones: ReadonlyMap<Name, ReadonlySet<Name>>
  /** For each zone that leads to others: the names it leads to there. */
  readonly names: ReadonlyMap<Name, ReadonlySet<Name>>
  /** The zone itself, or the outermost reverse zone around it: CNAMEs there may move PTRs from one to the other (RFC 2317). */
  wholeOf(zone: Name): Name
}

/** Which zones lead to names in which others, by what the spec means. The reverse names of address owners are one zone. */
export function zoneLinks({ zones, addressOwners, input }: Compiled): ZoneLinks {
  const linked = new Map<Name, Set<Name>>()
  const led = new Map<Name, Set<Name>>()
  const wholeOf = outermostReverse([...input.zones.keys()])
  const placeOf = new Map<Name, Name | undefined>()
  const place = (name: Name): Name | undefined => {
    if (!placeOf.has(name)) placeOf.set(name, zoneOf(name, input.zones))
    return placeOf.get(name)
  }
  for (const [zone, records] of [...zones, ...[...addressOwners.values()].map((list) => [ARPA, list] as const)])
    for (const name of records.flatMap(ledNames)) {
      const other = place(name)
      if (other === undefined || other === zone) continue
      linked.set(wholeOf(zone), (linked.get(wholeOf(zone)) ?? new Set()).add(wholeOf(other)))
      led.set(zone, (led.get(zone) ?? new Set()).add(name))
    }
  return { zones: linked, names: led, wholeOf }
}

function outermostReverse(zones: readonly Name[]): (zone: Name) => Name {
  const reverse = new Map(zones.filter(isReverse).map((zone) => [zone, zone]))
  const outermost = (zone: Name): Name => {
    const around = reverse.has(zone) ? zoneOf(parentOf(zone), reverse) : undefined
    return around === undefined ? zone : outermost(around)
  }
  return outermost
}
