import type { Compiled } from '../../../records/compile.js'
import { type DkimPublicKey, isUsable } from '../../../records/families/dkim/dkim-key.js'
import { keyValue } from '../../../records/families/dkim/key-value.js'
import { selectorPlaces } from '../../../records/families/dkim/key-zone.js'
import { sendingAddresses } from '../../../records/families/host/host.js'
import { namedHosts } from '../../../records/families/host/named-hosts.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import { doesSend, sendingHosts } from '../../../records/families/spf/senders.js'
import { groupBy } from '../../../records/group.js'
import { isWildcard, type Name, zoneOf } from '../../../records/rr/name.js'
import type { Domain, Host, MailSpec } from '../../../records/spec.js'
import { recordFilter } from '../../plan/select.js'
import { needsCertificates } from './needs-certificates.js'
import type { CheckedDomain, CheckedHost, CheckedKey, CheckedZone, Scope, Sender } from './scope.js'

/** What is known of the private half of a key: nothing where it is not at hand. */
export type PrivateHalf = { readonly isHere: false } | { readonly isHere: true; readonly fault?: string }

export interface SpecScopeInput {
  readonly spec: MailSpec
  readonly compiled: Compiled
  /** Chosen domains; all where none is. */
  readonly chosen: readonly Name[]
  /** Whether what is in a zone is looked at; all is without it. */
  readonly isOwn?: ((zone: Name) => boolean) | undefined
  readonly privateHalfOf: (key: DkimPublicKey) => PrivateHalf
}

/** What of a spec is to be verified. */
export function specScope({ spec, compiled, chosen, isOwn = () => true, privateHalfOf }: SpecScopeInput): Scope {
  const { hosts, keysOf, zones, domains: all } = compiled.input
  const domains = all.filter(
    ({ name }) =>
      !isWildcard(name) && (chosen.length === 0 || chosen.includes(name)) && isOwn(zoneOf(name, zones) ?? name),
  )
  const filter = recordFilter(spec, { zones: [], domains: chosen })
  const records = new Map(
    [...compiled.zones].flatMap(([zone, list]): [Name, readonly MailRecord[]][] => {
      const own = isOwn(zone) ? list.filter(filter) : []
      return own.length === 0 ? [] : [[zone, own]]
    }),
  )
  return {
    domains: domains.map((domain) => domainOf(domain, hosts, keysOf.get(domain.name) ?? [], privateHalfOf)),
    hosts: hostsOf(domains, hosts),
    zones: [...records.keys()].map((name): CheckedZone => {
      const servers = spec.zones.get(name)?.servers
      return { name, ...(servers && { servers }) }
    }),
    records,
  }
}

function domainOf(
  domain: Domain,
  hosts: ReadonlyMap<Name, Host>,
  keys: readonly DkimPublicKey[],
  privateHalfOf: SpecScopeInput['privateHalfOf'],
): CheckedDomain {
  const { name, heldKeys, dkim, mail, spf } = domain
  const held = heldKeys
    .filter(({ selector }) => selector !== '*')
    .map(({ selector, record }): CheckedKey => {
      const value = 'txt' in record ? { value: record.txt } : {}
      return { selector, wanted: { state: 'signing', isPrivateHere: false, ...value } }
    })
  const own = (dkim === false ? [] : keys)
    .filter(({ selector }) => !heldKeys.some((one) => one.selector === selector))
    .flatMap((key) => keyOf(key, privateHalfOf(key)))
  // One of the selectors that lead to the zone of the keys may be at rest.
  const led = (dkim === false ? [] : selectorPlaces(dkim)).map(
    ({ selector }): CheckedKey => ({ selector, wanted: { state: 'revoked', isPrivateHere: false } }),
  )
  const networks = mail === 'none' || spf === false ? [] : spf.addresses.filter((one) => !one.includes('/'))
  return {
    name,
    spec: domain,
    sends: doesSend(domain, hosts),
    senders: [
      ...sendingHosts(domain, hosts).flatMap(sendersOf),
      ...networks.map((address) => ({ address: address as Sender['address'] })),
    ],
    keys: [...own, ...led, ...held],
  }
}

function keyOf(key: DkimPublicKey, half: PrivateHalf): CheckedKey[] {
  const { state, selector } = key
  if (!isUsable(key) && state !== 'revoked') return []
  const fault = half.isHere && half.fault !== undefined ? { privateFault: half.fault } : {}
  const wanted = { state: state as 'signing', value: keyValue(key), isPrivateHere: half.isHere, ...fault }
  return [{ selector, wanted }]
}

function sendersOf(host: Host): Sender[] {
  return sendingAddresses(host).map((address) => ({ address, helo: host.name }))
}

function hostsOf(domains: readonly Domain[], hosts: ReadonlyMap<Name, Host>): CheckedHost[] {
  const receiving = groupBy(
    domains.flatMap(({ name, mx }) => (Array.isArray(mx) ? mx.map(({ host }) => ({ host: host as Name, name })) : [])),
    ({ host }) => host,
  )
  const sending = new Set(domains.flatMap((domain) => sendingHosts(domain, hosts).map(({ name }) => name)))
  const strict = new Set(
    domains
      .filter(needsCertificates)
      .flatMap(({ mx }) => (Array.isArray(mx) ? mx.map(({ host }) => host as Name) : [])),
  )
  const submitting = new Set(
    domains.flatMap(({ clients }) =>
      clients === false
        ? []
        : clients.services.flatMap(({ service, host }) => (service.startsWith('submission') ? [host] : [])),
    ),
  )
  const names = new Set([...domains.flatMap(namedHosts), ...receiving.keys(), ...sending])
  return [...names].map((name) => {
    const spec = hosts.get(name)
    return {
      name,
      ...(spec && { spec }),
      receives: receiving.has(name),
      mailOf: (receiving.get(name) ?? []).map(({ name: domain }) => domain),
      needsCertificate: strict.has(name),
      submits: submitting.has(name),
      sends: spec && sending.has(name) ? sendersOf(spec) : [],
    }
  })
}
