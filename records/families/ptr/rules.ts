import { displayName, joinName, type Name, parentOf, zoneOf } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'

const CLASSLESS = /^(\d+)\.(\d+[/-]\d+\..+\.in-addr\.arpa\.)$/

const ptrClassless: Rule = ({ records, zones }) =>
  records.flatMap(({ purpose, rrset, from }) => {
    const [, octet, classless] = (purpose === 'ptr' && CLASSLESS.exec(rrset.name)) || []
    if (octet === undefined) return []
    const alias = joinName(octet, parentOf(classless as Name))
    const around = zoneOf(alias, zones)
    return around === undefined
      ? []
      : [
          finding(
            'note',
            'ptr-classless',
            from,
            `the PTR is at ${rrset.name}, and receivers ask for ${alias}: the zone ${displayName(around)} has to lead there (RFC 2317 §4)`,
            `there, unless it stands already: ${alias} CNAME ${rrset.name}`,
          ),
        ]
  })

export const reverseRules: readonly Rule[] = [ptrClassless]
