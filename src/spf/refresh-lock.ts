import type { ChainLink } from '../../records/families/spf/chain.js'
import type { SpfDns } from '../../records/families/spf/evaluate/dns.js'
import { type FlatSpf, flattenInclude } from '../../records/families/spf/evaluate/flatten.js'
import { flattenedSpf } from '../../records/families/spf/spf.js'
import { joinName, type Name } from '../../records/rr/name.js'
import type { MailSpec } from '../../records/spec.js'
import { lockText, type SpfLock } from './lock.js'

/** What an include under `flatten` means now, beside what the lock file says. */
export interface LookedUp {
  readonly name: Name
  readonly before: FlatSpf | undefined
  /** A text that says why where it cannot be flattened; it then stays as it was. */
  readonly flat: FlatSpf | { readonly fault: string }
}

/** What becomes of a record of a chain. */
export interface MovedLink {
  readonly name: Name
  /** Included from now on; no longer included, but it still stands; no longer needed by anybody. */
  readonly kind: 'included' | 'retired' | 'gone'
}

export interface RefreshedLock {
  readonly found: readonly LookedUp[]
  /** The records of chains that come and go. */
  readonly moved: readonly MovedLink[]
  /** The lock file as it is to be. */
  readonly text: string
  readonly isChanged: boolean
}

/** Days for which a record stands that is no longer included: longer than any resolver keeps the SPF that included it. */
export const KEPT_DAYS = 7

/**
 * Looks up what every include under `flatten` means now. Writes nothing.
 *
 * @param today `YYYY-MM-DD`
 */
export async function refreshLock(spec: MailSpec, dns: SpfDns, today: string): Promise<RefreshedLock> {
  const names = new Set(spec.domains.flatMap(({ spf }) => (spf === false ? [] : spf.flatten.map(({ value }) => value))))
  const { flattened: old = new Map<Name, FlatSpf>(), chains = new Map<Name, readonly ChainLink[]>() } = spec
  const found = await Promise.all(
    [...names].map(async (name) => ({ name, before: old.get(name), flat: await flattenInclude(name, dns) })),
  )
  const flattened = new Map(
    found.flatMap(({ name, before, flat }): [Name, FlatSpf][] => {
      const kept = 'fault' in flat ? before : flat
      return kept ? [[name, kept]] : []
    }),
  )
  const placed = placedAnew(placedAnew(chains, { ...spec, flattened: old }), { ...spec, flattened })
  const after = dated(placed, today)
  const text = lockText({ flattened, chains: after })
  return { found, moved: movedBetween(chains, after), text, isChanged: text !== lockText({ flattened: old, chains }) }
}

/** Where what is flattened stands, by the spec; the chains of domains that have left it are forgotten. */
function placedAnew(chains: SpfLock['chains'], spec: MailSpec): Map<Name, readonly ChainLink[]> {
  const hosts = new Map(spec.hosts.map((host) => [host.name, host]))
  const placed = spec.domains.flatMap((domain): [Name, readonly ChainLink[]][] => {
    if (domain.mail === 'none' || domain.spf === false) return []
    const { chain } = flattenedSpf(domain, domain.spf, hosts, { ...spec, chains })
    return chain.length === 0 ? [] : [[domain.name, chain]]
  })
  return new Map(placed)
}

function dated(chains: SpfLock['chains'], today: string): Map<Name, readonly ChainLink[]> {
  const oldest = new Date(Date.parse(today) - KEPT_DAYS * 86_400_000).toISOString().slice(0, 10)
  const kept = [...chains].map(([name, links]): [Name, ChainLink[]] => [
    name,
    links
      .map((link) => (link.retired === '' ? { ...link, retired: today } : link))
      .filter(({ retired }) => retired === undefined || retired > oldest),
  ])
  return new Map(kept.filter(([, links]) => links.length > 0))
}

function movedBetween(before: SpfLock['chains'], after: SpfLock['chains']): MovedLink[] {
  const [old, now] = [linksByName(before), linksByName(after)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): MovedLink[] => {
    const [was, is] = [old.get(name), now.get(name)]
    if (is === undefined) return [{ name, kind: 'gone' }]
    if (is.retired === undefined) return was && was.retired === undefined ? [] : [{ name, kind: 'included' }]
    return was?.retired === undefined ? [{ name, kind: 'retired' }] : []
  })
}

function linksByName(chains: SpfLock['chains']): Map<Name, ChainLink> {
  return new Map(
    [...chains].flatMap(([domain, links]) =>
      links.map((link): [Name, ChainLink] => [joinName(`_spf${link.number}`, domain), link]),
    ),
  )
}
