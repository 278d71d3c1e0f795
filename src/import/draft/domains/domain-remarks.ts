import { isSpfValue } from '../../../../records/families/spf/read-spf.js'
import { doubledList, doubledNames } from '../../../../records/rr/doubled-names.js'
import { displayName, joinName, type Name, zoneOf } from '../../../../records/rr/name.js'
import type { Holdings } from '../../holdings/holdings.js'
import type { DomainDraft } from '../draft.js'
import { remark } from '../remark.js'

type DomainRemarks = DomainDraft['remarks']

/** Names of what a domain that has mail says in its spec. */
export const POLICY_LABELS: readonly string[] = ['_mta-sts', '_smtp._tls', 'mta-sts', 'default._bimi']
export const CLIENT_LABELS: readonly string[] = ['autoconfig', 'autodiscover']
const TYPES = ['TXT', 'CNAME', 'A', 'AAAA'] as const

/**
 * What else stands at a domain and is left alone.
 *
 * @param labels of names that are about mail too; of those of clients a spec says the CNAME
 */
export function aboutOthers(name: Name, holdings: Holdings, labels: readonly string[]): DomainRemarks {
  const related = labels.flatMap((label) =>
    TYPES.filter((type) => type !== 'CNAME' || !CLIENT_LABELS.includes(label))
      .filter((type) => holdings.get(joinName(label, name), type))
      .map((type) => `${label} ${type}`),
  )
  const texts = holdings.texts(name).filter((value) => !isSpfValue(value)).length
  const kept = `${texts === 1 ? 'Another TXT value' : `${texts} other TXT values`} of ${displayName(name)} will stay.`
  const zone = zoneOf(name, holdings.zones)
  const doubled = zone === undefined ? [] : doubledNames(holdings.within(`${name}${zone}` as Name), zone)
  return [
    ...(zone === undefined || doubled.length === 0
      ? []
      : [
          remark('end', 'These have the zone twice in their names, and nobody looks there:', [
            doubledList(doubled, zone),
          ]),
        ]),
    ...(texts === 0 ? [] : [remark('end', kept)]),
    ...(related.length === 0 ? [] : [remark('end', `Also about mail, and left alone: ${related.join(', ')}.`)]),
  ]
}
