import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import { displayName, joinName, type Name } from '../../../records/rr/name.js'
import type { Holdings } from '../../holdings/holdings.js'
import { type DomainDraft, remark } from './draft.js'

type DomainRemarks = DomainDraft['remarks']

const RELATED = ['_mta-sts', '_smtp._tls', 'mta-sts', 'autoconfig', 'autodiscover', 'default._bimi']
/** Names of which a spec says the CNAME. */
const SAID = ['autoconfig', 'autodiscover']
const TYPES = ['TXT', 'CNAME', 'A', 'AAAA'] as const

/** What else stands at a domain and is left alone. */
export function aboutOthers(name: Name, holdings: Holdings): DomainRemarks {
  const related = RELATED.flatMap((label) =>
    TYPES.filter((type) => type !== 'CNAME' || !SAID.includes(label))
      .filter((type) => holdings.get(joinName(label, name), type))
      .map((type) => `${label} ${type}`),
  )
  const texts = holdings.texts(name).filter((value) => !isSpfValue(value)).length
  const kept = `${texts === 1 ? 'Another TXT value' : `${texts} other TXT values`} of ${displayName(name)} will stay.`
  return [
    ...(texts === 0 ? [] : [remark('end', kept)]),
    ...(related.length === 0 ? [] : [remark('end', `Also about mail, and left alone: ${related.join(', ')}.`)]),
  ]
}
