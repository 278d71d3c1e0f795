import type { Name } from '../../../records/rr/name.js'
import { afterOf, beforeOf, isKnown, keyOf, rdataTexts, subjectOf } from '../../../records/rr/rrset.js'
import type { Plan } from '../../plan/plan.js'
import type { DnsView } from '../view/dns-view.js'
import { listed, serverNames } from '../words.js'

/** Values that a plan takes out of an RRset: all of one that it deletes. */
export interface GoneValues {
  readonly zone: Name
  readonly name: Name
  readonly type: string
  /** Rdata in presentation form, at least one. */
  readonly texts: readonly string[]
}

/** What a plan takes away; a record in which mailsync remembers what it owns is nobody's business but its own. */
export function goneValues({ zones }: Pick<Plan, 'zones'>): GoneValues[] {
  const found = zones.map(({ zone, changes, addressOwner }) => {
    if (addressOwner) return []
    return changes.flatMap((change): GoneValues[] => {
      const [before, after] = [beforeOf(change), afterOf(change)]
      if (change.manifest || !before) return []
      const kept = after ? rdataTexts(after) : []
      const texts = rdataTexts(before).filter((text) => !kept.includes(text))
      const { name, type } = subjectOf(change)
      return texts.length === 0 ? [] : [{ zone: zone as Name, name, type, texts }]
    })
  })
  return [...new Map(found.flat().map((one) => [`${one.zone} ${keyOf(one)}`, one])).values()]
}

/** Which servers still have one of the values, in words; undefined where none does. What a wildcard answers is not there (RFC 4592 §2.1). */
export async function whyStillThere(
  { name, type, texts }: GoneValues,
  dns: Pick<DnsView, 'everywhere'>,
): Promise<string | undefined> {
  const { said } = await dns.everywhere({ name, type })
  const still = said.flatMap(({ outcome, servers }) => {
    if (outcome.kind !== 'rrset' || outcome.synthesized || !isKnown(outcome.rrset)) return []
    const left = rdataTexts(outcome.rrset).filter((text) => texts.includes(text))
    return left.length === 0 ? [] : [`${serverNames(servers)}: still ${listed(left)}`]
  })
  return still.length === 0 ? undefined : still.join('; ')
}
