import type { Finding } from '../../finding.js'
import { undoubled } from '../../rr/doubled-names.js'
import { displayName, labelsOf, type Name, ROOT } from '../../rr/name.js'
import { finding } from '../../rules/rule.js'
import { answers, isVoid, type ZoneView } from '../../rules/zone-view.js'

/** The MX of domains that this spec has no `mx` for, where they lead nowhere: nothing here changes them. */
export function observeStanding(view: ZoneView): Finding[] {
  return view.domains
    .filter(({ name, mail, mx }) => mail === 'normal' && mx === undefined && answers(view, name, 'MX'))
    .flatMap(({ name, from }) => {
      const exchanges = view.zone.get(view.zone.source(name), 'MX')?.rdata.map(({ exchange }) => exchange) ?? []
      const faults = exchanges.flatMap((exchange) => faultOf(exchange, exchanges, view) ?? [])
      if (faults.length === 0) return []
      const isCertain = faults.length === exchanges.length && !faults.some(({ isTried }) => isTried)
      return [
        finding(
          'warning',
          'mx-leads-nowhere',
          [...from, 'mx'],
          `mail for ${displayName(name)} ${isCertain ? 'does not' : 'may not'} arrive: its MX, which this spec leaves as they are, lead to ${faults.map(({ what }) => what).join('; and to ')}`,
          hintFor(exchanges, view.zone.name),
        ),
      ]
    })
}

interface Fault {
  /** Where an exchange leads, and what is wrong there. */
  readonly what: string
  /** Many senders deliver there all the same. */
  readonly isTried?: boolean
}

function faultOf(exchange: Name, all: readonly Name[], view: ZoneView): Fault | undefined {
  const shown = displayName(exchange)
  if (exchange === ROOT)
    return all.length > 1 ? { what: 'the root, which is the null MX and stands alone (RFC 7505 §3)' } : undefined
  const labels = labelsOf(exchange)
  if (/^\d+$/.test(labels.at(-1) ?? '')) return { what: `${shown}, which is an address and no name (RFC 5321 §5.1)` }
  if (labels.length === 1) return { what: `${shown}, which is no whole name of a machine` }
  if (!view.zone.tells(exchange, 'A')) return undefined
  if (view.zone.get(view.zone.source(exchange), 'CNAME'))
    return { what: `${shown}, which is a CNAME, and not every sender follows one (RFC 2181 §10.3)`, isTried: true }
  // A host of the spec gets its addresses, though not in a run that is limited to other domains.
  const isHost = (view.input.hosts.get(exchange)?.addresses.length ?? 0) > 0
  return isVoid(view, exchange) && !isHost ? { what: `${shown}, which has no address` } : undefined
}

function hintFor(exchanges: readonly Name[], zone: Name): string {
  const meant = exchanges.flatMap((exchange) => undoubled(exchange, zone) ?? [])
  const add = meant.map((name) => `${displayName(name)}.`).join(' and ')
  return meant.length > 0
    ? `${add} was meant: a name without a dot at its end gets the zone`
    : 'put them right where they were made, or name the hosts that receive under mx'
}
