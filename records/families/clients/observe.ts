import type { Finding } from '../../finding.js'
import { groupBy } from '../../group.js'
import { displayName, type Name, ROOT } from '../../rr/name.js'
import { ancestors } from '../../rr/zone.js'
import { finding, type RuleInput } from '../../rules/rule.js'
import { answers, type ZoneView } from '../../rules/zone-view.js'
import type { MailRecord } from '../mail-record.js'

interface Lead {
  readonly target: Name
  readonly record: MailRecord
}

/** Whether the hosts that clients are led to, from whatever zone, are there: each is told once. */
export function observeClients(view: ZoneView): Finding[] {
  const inside = leadsBelow(view.input).get(view.zone.name) ?? []
  return [...groupBy(inside, ({ target }) => target)].flatMap(([target, [first]]) =>
    first ? aboutTarget(view, target, first) : [],
  )
}

/** By input: with thousands of zones, each must not go through the whole spec. */
const grouped = new WeakMap<RuleInput, ReadonlyMap<Name, readonly Lead[]>>()

/** By each name above their target, itself included. */
function leadsBelow(input: RuleInput): ReadonlyMap<Name, readonly Lead[]> {
  const known = grouped.get(input)
  if (known) return known
  const below = new Map<Name, Lead[]>()
  for (const lead of input.records.filter(({ purpose }) => purpose === 'clients').flatMap(leadsOf))
    for (const name of ancestors(lead.target, ROOT)) {
      const others = below.get(name)
      if (others) others.push(lead)
      else below.set(name, [lead])
    }
  grouped.set(input, below)
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
