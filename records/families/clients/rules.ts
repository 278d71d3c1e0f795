import { groupBy } from '../../group.js'
import { displayName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { clientDocuments } from './documents.js'
import { secureTwin } from './services.js'

/** A CNAME of ours stands alone, beside our own records too. */
const nameTaken: Rule = ({ records }) => {
  const aliases = records.filter(({ purpose, rrset }) => purpose === 'clients' && rrset.type === 'CNAME')
  if (aliases.length === 0) return []
  const names = groupBy(records, ({ rrset }) => rrset.name)
  return aliases.flatMap(({ rrset, from }) => {
    const others = (names.get(rrset.name) ?? []).filter((one) => one.rrset !== rrset)
    if (others.length === 0) return []
    const types = [...new Set(others.map((one) => one.rrset.type))].join(', ')
    return [
      finding(
        'error',
        'clients-name-taken',
        from,
        `${displayName(rrset.name)} would be a CNAME of ${rrset.rdata[0]}, and this spec puts ${types} there: a CNAME stands alone (RFC 1034 §3.6.2)`,
        'turn that part of clients off, for example autoconfig: false',
      ),
    ]
  })
}

const startsPlain: Rule = ({ domains }) =>
  domains.flatMap(({ name, clients }) => {
    if (clients === false) return []
    const offered = clients.services.map(({ service }) => service)
    return clients.services.flatMap(({ service, from }) => {
      const twin = secureTwin(service, offered)
      return twin === undefined
        ? []
        : [
            finding(
              'note',
              'clients-start-plain',
              from,
              `${displayName(name)} offers ${service} and no ${twin}: clients begin without TLS, and who is in between can keep them there (RFC 8314 §3)`,
              `offer ${twin} too, or instead`,
            ),
          ]
    })
  })

/** Where several domains share a host that serves one file, it can say one thing. */
const documentsDiffer: Rule = ({ domains }) => {
  const wanted = domains.flatMap((domain) =>
    clientDocuments(domain).map((document) => ({ ...document, domain, key: `${document.host} ${document.path}` })),
  )
  return [...groupBy(wanted, ({ key }) => key).values()].flatMap(([first, ...others]) => {
    const other = others.find(({ text }) => text !== first?.text)
    return first && other
      ? [
          finding(
            'warning',
            'clients-documents-differ',
            other.domain.clients === false ? other.domain.from : other.domain.clients.from,
            `${displayName(first.domain.name)} and ${displayName(other.domain.name)} offer different services, and both lead to ${first.path} at ${displayName(first.host)}`,
            'use autodiscover: cname for one of them',
          ),
        ]
      : []
  })
}

export const clientsRules: readonly Rule[] = [nameTaken, startsPlain, documentsDiffer]
