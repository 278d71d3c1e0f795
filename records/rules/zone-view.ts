import type { MailRecord } from '../families/mail-record.js'
import { isWithin, type Name } from '../rr/name.js'
import type { RRType } from '../rr/rdata.js'
import type { RRsetOf } from '../rr/rrset.js'
import type { Zone } from '../rr/zone.js'
import type { Domain, Host } from '../spec.js'
import type { RuleInput } from './rule.js'

/** What of the spec a zone has to do with. */
export interface ZoneParts {
  /** Those whose name, policy or keys are in it. */
  readonly domains: readonly Domain[]
  readonly hosts: readonly Host[]
  readonly records: readonly MailRecord[]
  /** The CNAMEs of the spec, wherever they stand, that lead to names in it. */
  readonly aliases: readonly AliasRecord[]
  /** Records that a CNAME in it has to lead to. */
  readonly aliased: readonly MailRecord[]
}

/** A record of the spec that is a CNAME. */
export type AliasRecord = MailRecord & { readonly rrset: RRsetOf<'CNAME'> }

/** A zone that was read, as it will be once the plan is applied, and what the spec says. */
export interface ZoneView extends ZoneParts {
  readonly zone: Zone
  /** As it was read. */
  readonly before: Zone
  readonly input: RuleInput
}

/** Whether the zone itself answers for a type at a name, and was asked: no alias, delegation or setting of the provider does. */
export function answers({ zone }: Pick<ZoneView, 'zone'>, name: Name, type: RRType): boolean {
  if (!isWithin(name, zone.name) || !zone.tells(name, type)) return false
  const source = zone.source(name)
  return [name, ...(source === name ? [] : [source])].every((one) => zone.inTheWay(one, type).length === 0)
}

const ADDRESS_TYPES = ['A', 'AAAA'] as const

/** Whether a resolver finds no record of any of these types at a name, by a wildcard neither; false where the zone does not tell. */
export function isVoid(view: Pick<ZoneView, 'zone'>, name: Name, types: readonly RRType[] = ADDRESS_TYPES): boolean {
  const source = view.zone.source(name)
  return types.every((type) => answers(view, name, type) && view.zone.get(source, type) === undefined)
}

/** The TXT values a resolver finds at a name, by the wildcard that stands for it too; undefined where the zone does not tell. */
export function textsAt(view: Pick<ZoneView, 'zone'>, name: Name): readonly string[] | undefined {
  return answers(view, name, 'TXT') ? view.zone.texts(view.zone.source(name)) : undefined
}
