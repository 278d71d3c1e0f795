import { expandSelector } from '../families/dkim/dkim-key.js'
import type { SpecPath } from '../finding.js'
import { joinName, labelsOf, type Name } from '../rr/name.js'
import { txtWireLength } from '../rr/txt.js'
import { finding, type Rule } from './rule.js'

/** Octets of a name on the wire: a length octet a label, and the root's (RFC 1035 §3.1). */
const NAME_LIMIT = 255
const LABEL_LIMIT = 63
/** What the 16 bits of RDLENGTH can say (RFC 1035 §3.2.1). */
const RDATA_LIMIT = 65_535

const DOMAINKEY = '._domainkey.'
/** Characters by which a pattern without `%a` grows: it has two `%Y` at most. */
const MOST_GROWN = 4
const ANY_DATE = '2000-01-01'
/** UTF-16 units that fit whatever octets they take, with the lengths of the strings between them. */
const SHORT_TEXT = RDATA_LIMIT / 4

const nameTooLong: Rule = ({ records, neededKeys }) => {
  const names = new Map<Name, SpecPath>()
  const note = (name: Name, from: SpecPath): void => {
    if (name.length > LABEL_LIMIT && !names.has(name)) names.set(name, from)
  }
  for (const { rrset, from } of records) note(rrset.name, from)
  // A name is made where it could be too long: a fleet without keys needs thousands.
  for (const { domain, selector, algorithm, from } of neededKeys)
    if (selector.includes('%a') || selector.length + MOST_GROWN + DOMAINKEY.length + domain.length > LABEL_LIMIT)
      note(joinName(`${expandSelector(selector, ANY_DATE, algorithm)}._domainkey`, domain), from)
  return [...names].flatMap(([name, from]) => {
    const label = labelsOf(name).find((one) => one.length > LABEL_LIMIT)
    if (label === undefined && name.length + 1 <= NAME_LIMIT) return []
    const what =
      label === undefined ? `has ${name.length + 1} octets` : `has a label of ${label.length} octets, ${label}`
    return [
      finding(
        'error',
        'name-too-long',
        from,
        `the name ${name} ${what}; a name has at most ${NAME_LIMIT}, a label ${LABEL_LIMIT} (RFC 1035 §2.3.4)`,
        'shorten the domain, the selector or the report address that it is made of',
      ),
    ]
  })
}

const txtTooLong: Rule = ({ records }) =>
  records.flatMap(({ rrset, from }) => {
    if (rrset.type !== 'TXT' || rrset.rdata.every(({ length }) => length < SHORT_TEXT)) return []
    const octets = Math.max(...rrset.rdata.map(txtWireLength))
    return octets > RDATA_LIMIT
      ? [
          finding(
            'error',
            'txt-too-long',
            from,
            `the TXT of ${rrset.name} has ${octets} octets on the wire, and a record holds ${RDATA_LIMIT} (RFC 1035 §3.2.1)`,
            'use networks instead of single addresses, or fewer of them',
          ),
        ]
      : []
  })

export const lengthRules: readonly Rule[] = [nameTooLong, txtTooLong]
