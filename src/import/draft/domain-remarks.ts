import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import { displayName, joinName, labelsOf, type Name } from '../../../records/rr/name.js'
import type { Holdings } from '../../holdings/holdings.js'
import { type DomainDraft, remark } from './draft.js'

type DomainRemarks = DomainDraft['remarks']

/** The DKIM keys in DNS, whoever made them; and, where a host of ours `sends`, how to get keys of one's own. */
export function aboutDkim(name: Name, holdings: Holdings, sends: boolean): DomainRemarks {
  const folder = joinName('_domainkey', name)
  const keys = holdings
    .within(folder)
    .filter(({ name, type }) => name !== folder && (type === 'TXT' || type === 'CNAME'))
  const selectors = keys.map((key) => {
    const labels = labelsOf(key.name)
    return `${labels.slice(0, labels.length - labelsOf(folder).length).join('.')} (${key.type})`
  })
  const found = `DKIM keys in DNS, which stay as they are: ${selectors.join(', ')}.`
  const how =
    'False, so that nothing changes yet. Without this line `mailsync apply` makes keys under keys/ and publishes them; the private ones are for your signer.'
  return [...(selectors.length === 0 ? [] : [remark('dkim', found)]), ...(sends ? [remark('dkim', how)] : [])]
}

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
