import type { RingKey } from '../../../../records/families/dkim/rotation/ring-key.js'
import type { SpecPath } from '../../../../records/finding.js'
import { groupBy } from '../../../../records/group.js'
import type { Address } from '../../../../records/rr/address.js'
import { type Name, withoutDot, zoneOf } from '../../../../records/rr/name.js'
import type { Domain, Host, MailSpec } from '../../../../records/spec.js'

/** A spec, by what reports ask of it. */
export interface SpecView {
  readonly hosts: ReadonlyMap<Name, Host>
  /** The host that an address is of. */
  hostAt(address: Address): Host | undefined
  /** The domain of the spec that a name is, or is below. */
  domainOf(name: Name): Domain | undefined
  /** The key of a domain at a selector: one of our own, or one that others hold. */
  keyAt(domain: Domain, selector: string): KnownKey | undefined
  /** The selectors with which hosts of ours may sign now. */
  signingSelectors(domain: Domain): readonly string[]
}

export interface KnownKey {
  readonly holder: 'ours' | 'others'
  /** Where the spec asks for it. */
  readonly from: SpecPath
}

export function specView(spec: Pick<MailSpec, 'hosts' | 'domains'>, keys: readonly RingKey[]): SpecView {
  const hosts = new Map(spec.hosts.map((host) => [host.name, host]))
  const domains = new Map(spec.domains.map((domain) => [domain.name, domain]))
  const byAddress = new Map(
    spec.hosts.flatMap((host) =>
      [...host.addresses, ...host.egress].map(({ value }): [Address, Host] => [value, host]),
    ),
  )
  const ringOf = groupBy(keys, ({ domain }) => domain)
  return {
    hosts,
    hostAt: (address) => byAddress.get(address),
    domainOf: (name) => domains.get(zoneOf(name, domains) as Name),
    keyAt: (domain, selector) => {
      const held = domain.heldKeys.find((key) => key.selector === selector)
      if (held) return { holder: 'others', from: held.from }
      const own = ringOf.get(domain.name)?.find((key) => key.selector === selector)
      return own && { holder: 'ours', from: domain.dkim === false ? domain.from : domain.dkim.from }
    },
    signingSelectors: ({ name }) =>
      (ringOf.get(name) ?? []).flatMap(({ state, selector }) => (state === 'signing' ? [selector] : [])),
  }
}

/** Whether one domain is the other or below it: what relaxed alignment takes, as far as names alone tell (RFC 9989 §4.4). */
export function isAligned(domain: string, headerFrom: Name): boolean {
  const from = withoutDot(headerFrom)
  return domain === from || domain.endsWith(`.${from}`) || (domain.includes('.') && from.endsWith(`.${domain}`))
}
