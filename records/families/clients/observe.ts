import type { Finding } from '../../finding.js'
import { groupBy } from '../../group.js'
import { displayName, type Name, ROOT } from '../../rr/name.js'
import { ancestors } from '../../rr/zone.js'
import { finding } from '../../rules/rule.js'
import { answers, type ZoneView } from '../../rules/zone-view.js'
import type { MailRecord } from '../mail-record.js'

interface Lead {
  readonly target: Name
  readonly record: MailRecord
}

/** Whether the hosts that clients are led to, from whatever zone, are there: each is told once. */
export function observeClients(view: ZoneView): Finding[] {
  const inside = leadsBelow(view.input.records).get(view.zone.name) ?? []
  return [...groupBy(inside, ({ target }) => target)].flatMap(([target, [first]]) =>
    first ? aboutTarget(view, target, first) : [],
  )
}

/** By the records of a spec: with thousands of zones, each must not go through all of them. */
const known = new WeakMap<readonly MailRecord[], ReadonlyMap<Name, readonly Lead[]>>()

/** Where records lead, by each name that the target is or lies below. */
function leadsBelow(records: readonly MailRecord[]): ReadonlyMap<Name, readonly Lead[]> {
  const found = known.get(records)
  if (found) return found
  const leads = records.filter(({ purpose }) => purpose === 'clients').flatMap(leadsOf)
  const places = leads.flatMap((lead) => ancestors(lead.target, ROOT).map((above) => ({ above, lead })))
  const below = new Map(
    [...groupBy(places, ({ above }) => above)].map(([above, group]) => [above, group.map(({ lead }) => lead)]),
  )
  known.set(records, below)
  return below
}

function leadsOf(record: MailRecord): Lead[] {
  const { rrset } = record
  if (rrset.type === 'CNAME') return rrset.rdata.map((target) => ({ target, record }))
  if (rrset.type !== 'SRV') return []
  return rrset.rdata.filter(({ target }) => target !== ROOT).map(({ target }) => ({ target, record }))
}

function aboutTarget({ zone }: ZoneView, target: Name, { record: { rrset, from } }: Lead): Finding[] {
  const source = zone.source(target)
  if (zone.cutAbove(target) !== undefined) return []
  const isSrv = rrset.type === 'SRV'
  if (zone.get(source, 'CNAME'))
    return isSrv
      ? [
          finding(
            'warning',
            'clients-target-is-cname',
            from,
            `${displayName(target)} is a CNAME, and an SRV must not lead to one (RFC 2782): ${displayName(rrset.name)} does`,
            'name the host that the CNAME leads to',
          ),
        ]
      : []
  const knows = (['A', 'AAAA'] as const).every((type) => answers({ zone }, target, type))
  if (!knows || zone.get(source, 'A') || zone.get(source, 'AAAA')) return []
  return [
    finding(
      'warning',
      'clients-target-without-address',
      from,
      `${displayName(rrset.name)} leads clients to ${displayName(target)}, which has no address in its zone`,
      'name it under hosts: with its addresses, or write another host',
    ),
  ]
}
