import { type Address, scopeOf } from '../../rr/address.js'
import { displayName, type Name } from '../../rr/name.js'
import { addressAt } from '../../rr/reverse.js'
import { finding, type Rule } from '../../rules/rule.js'
import type { MailRecord } from '../mail-record.js'
import { namedHosts } from './named-hosts.js'

const privateAddress: Rule = ({ spec, ownerOf }) =>
  spec.hosts.flatMap((host) =>
    [...host.addresses, ...host.egress].flatMap(({ value, from }) => {
      const scope = scopeOf(value)
      if (scope === 'documentation')
        return [
          finding(
            'note',
            'address-documentation',
            from,
            `${value} is an address for documentation (RFC 5737, RFC 3849); no machine on the Internet has it`,
          ),
        ]
      if (scope === 'public' || host.reverse === false || ownerOf(value)) return []
      const what = scope === 'private' ? 'a private address' : 'no address of a machine on the Internet'
      return [
        finding(
          'error',
          'address-private',
          from,
          `${value} is ${what}: it can have no public PTR, and receivers never see it`,
          'write the public address mail leaves from (behind NAT: that of the gateway), or set `reverse: false` on a host that is only reached from inside',
        ),
      ]
    }),
  )

const addressTwice: Rule = ({ records }) => {
  const first = new Map<string, MailRecord>()
  return records.flatMap((record) => {
    if (record.purpose !== 'ptr') return []
    const address = addressAt(record.rrset.name) ?? record.rrset.name
    const other = first.get(address)
    first.set(address, other ?? record)
    if (!other) return []
    return [
      finding(
        'error',
        'ptr-two-names',
        record.from,
        `${record.rrset.name} would have two names, ${other.rrset.rdata[0]} and ${record.rrset.rdata[0]}: a PTR names one host`,
        'set `reverse: false` on the host that does not send with this name',
      ),
    ]
  })
}

/** As {@link addressTwice}, of PTRs that a person sets, one of which would undo the other. */
const askedTwice: Rule = ({ spec, ownerOf }) => {
  const first = new Map<Address, Name>()
  return spec.hosts.flatMap(({ name, reverse, addresses }) => {
    if (reverse !== 'manual' && reverse !== 'auto') return []
    return addresses.flatMap(({ value, from }) => {
      if (reverse === 'auto' && ownerOf(value)) return []
      const other = first.get(value)
      first.set(value, other ?? name)
      return other === undefined
        ? []
        : [
            finding(
              'warning',
              'ptr-by-hand-twice',
              from,
              `the PTR of ${value} is to be set by hand to both ${displayName(other)} and ${displayName(name)}: a PTR names one host`,
              'set `reverse: false` on the host that does not send with its name',
            ),
          ]
    })
  })
}

const reverseProvider: Rule = ({ spec, zones, ownerOf }) =>
  spec.hosts.flatMap((host) => {
    if (typeof host.reverse !== 'object') return []
    const { provider } = host.reverse
    if (spec.addressOwners?.has(provider)) return []
    return host.addresses.flatMap(({ value, from }) => {
      const owner = ownerOf(value)
      if (owner && zones.get(owner.zone)?.includes(provider)) return []
      return [
        finding(
          'error',
          'reverse-provider',
          from,
          `no reverse zone of ${provider} covers ${value}`,
          `declare the reverse zone with the target ${provider}, name a provider that keeps the PTRs of its addresses (\`mailsync providers\` lists them), or use \`reverse: auto\``,
        ),
      ]
    })
  })

const ptrUnconfirmed: Rule = ({ records, unplaced }) => {
  const elsewhere = new Set(unplaced.filter(({ purpose }) => purpose === 'host').map(({ rrset }) => rrset.name))
  return records.flatMap(({ purpose, rrset, from }) =>
    purpose === 'ptr' && rrset.type === 'PTR' && elsewhere.has(rrset.rdata[0] as Name)
      ? [
          finding(
            'warning',
            'ptr-unconfirmed',
            from,
            `the PTR leads to ${rrset.rdata[0]}, whose address is in no zone of this spec`,
            'receivers want address → name → the same address (FCrDNS): publish the address where that name is served',
          ),
        ]
      : [],
  )
}

const egressWithoutPtr: Rule = ({ spec }) => {
  const confirmed = new Set(spec.hosts.flatMap(({ addresses }) => addresses.map(({ value }) => value)))
  return spec.hosts.flatMap(({ egress }) =>
    egress
      .filter(({ value }) => !confirmed.has(value))
      .map(({ value, from }) =>
        finding(
          'note',
          'egress-without-ptr',
          from,
          `mail leaves from ${value}, and no host of this spec has it as its address, so it gets no A record and no PTR`,
          'name the gateway under hosts: with this address',
        ),
      ),
  )
}

const hostUnused: Rule = ({ spec, domains }) => {
  const used = new Set(domains.flatMap(namedHosts))
  return spec.hosts
    .filter(({ name }) => !used.has(name))
    .map(({ name, from }) =>
      finding('note', 'host-unused', from, `no domain names ${displayName(name)} in its mx, spf.hosts or mta_sts.host`),
    )
}

export const hostRules: readonly Rule[] = [
  privateAddress,
  addressTwice,
  askedTwice,
  reverseProvider,
  ptrUnconfirmed,
  egressWithoutPtr,
  hostUnused,
]
