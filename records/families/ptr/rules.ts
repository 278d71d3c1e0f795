import { type Address, scopeOf } from '../../rr/address.js'
import { displayName, type Name, zoneOf } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { sendingHosts } from '../spf/senders.js'
import { ledElsewhere } from './observe.js'

const ptrClassless: Rule = ({ records, zones }) =>
  records.flatMap(({ rrset: { name }, alias, from }) => {
    const around = alias && zoneOf(alias, zones)
    if (alias === undefined || around === undefined) return []
    return [
      {
        ...finding(
          'note',
          'ptr-classless',
          from,
          `the PTR is at ${name}, and receivers ask for ${alias}: the zone ${displayName(around)} has to lead there (RFC 2317 §4)`,
          `there, unless it stands already: ${alias} CNAME ${name}`,
        ),
        seenAt: alias,
      },
    ]
  })

const zonesEqual: Rule = ({ spec, ownerOf }) =>
  spec.hosts.flatMap(({ addresses, reverse }) =>
    reverse === false || reverse === 'manual'
      ? []
      : addresses.flatMap(({ value, from }) => {
          const { zone, equally = [] } = ownerOf(value) ?? {}
          if (zone === undefined || equally.length === 0) return []
          return [
            finding(
              'error',
              'reverse-zones-equal',
              from,
              `${value} is in ${[zone, ...equally].map(displayName).join(' and in ')}, and each covers just as many addresses`,
              'keep the one that the CNAME at its reverse name leads to, as whoever gave you the address says',
            ),
          ]
        }),
  )

const ptrElsewhere: Rule = ({ records, aliases }) =>
  records.flatMap(({ rrset: { name }, alias, from }) => {
    const target = alias && aliases.get(alias)
    return alias === undefined || target === undefined || target === name
      ? []
      : [ledElsewhere(alias, target, name, from)]
  })

/** Said of hosts that send, and of addresses that a machine on the Internet may have. */
const reverseOff: Rule = ({ spec, domains, hosts }) => {
  const senders = new Set<Name>(domains.flatMap((domain) => sendingHosts(domain, hosts).map(({ name }) => name)))
  const lookedAfter = new Set(
    spec.hosts.flatMap(({ reverse, addresses }) => (reverse === false ? [] : addresses.map(({ value }) => value))),
  )
  const isForgotten = (address: Address): boolean => scopeOf(address) === 'public' && !lookedAfter.has(address)
  return spec.hosts.flatMap(({ name, reverse, addresses, from }) =>
    reverse === false && senders.has(name) && addresses.some(({ value }) => isForgotten(value))
      ? [
          finding(
            'note',
            'reverse-off',
            [...from, 'reverse'],
            `nobody sets or looks at the reverse name of ${displayName(name)}, and it sends: Gmail refuses mail from an address without one (550 5.7.25), and others take it for spam`,
            'write `reverse: auto` or `manual`, unless somebody else looks after it',
          ),
        ]
      : [],
  )
}

export const reverseRules: readonly Rule[] = [ptrClassless, zonesEqual, ptrElsewhere, reverseOff]
