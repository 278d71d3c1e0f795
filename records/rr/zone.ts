import { groupBy } from '../group.js'
import { isWithin, joinName, type Name, parentOf } from './name.js'
import type { RRType } from './rdata.js'
import { type AnyRRset, keyOf, type RRsetOf } from './rrset.js'
import { joinedTxt } from './txt.js'

/** What a zone holds, and what it answers. */
export interface Zone {
  readonly name: Name
  readonly rrsets: readonly AnyRRset[]
  /** The places that were asked for, where the zone was not read whole. */
  readonly asked?: readonly Place[]
  /** Whether it is known what stands here: always in a zone that was read whole, else where it was asked for. */
  tells(name: Name, type: string): boolean
  get<T extends RRType>(name: Name, type: T): RRsetOf<T> | undefined
  /** The RRset with this identity, of any type, as {@link keyOf} gives it. */
  find(key: string): AnyRRset | undefined
  /** The RRsets at exactly this name. */
  at(name: Name): readonly AnyRRset[]
  /** The TXT values at a name, each with its strings joined. */
  texts(name: Name): readonly string[]
  /** Whether the name has records, or a name below it has (an empty non-terminal, RFC 4592 §2.2.2). */
  exists(name: Name): boolean
  /** Where the answer for a name comes from: the name itself, or the wildcard that stands for it (RFC 4592 §3.3.1); of a name outside, the name. */
  source(name: Name): Name
  /** The zone cut at or above a name, below which other name servers answer (RFC 1034 §4.2.1); never the apex. */
  cutAbove(name: Name): Name | undefined
  /** The names that a record of this type at this name would meet: it could not be written, or would not be answered. */
  inTheWay(name: Name, type: string): Obstacle[]
}

/** Where an RRset stands, or may. */
export interface Place {
  readonly name: Name
  readonly type: RRType
}

/** What keeps a record from being written, or from being answered. */
export type Obstacle =
  | { readonly kind: 'delegation'; readonly at: Name }
  | { readonly kind: 'dname'; readonly at: Name }
  | { readonly kind: 'cname'; readonly target: Name | undefined }
  /** For a CNAME: what it cannot stand beside (RFC 1034 §3.6.2). */
  | { readonly kind: 'not-alone'; readonly types: readonly string[] }
  /** A type that makes the addresses of its name itself: no A or AAAA of ours is answered beside it. */
  | { readonly kind: 'alias'; readonly type: string }
  | { readonly kind: 'locked'; readonly reason: string }

/** ALIAS of PowerDNS, Route 53, octoDNS and others; ANAME of others; LUA of PowerDNS answers for any type. */
const ALIASES = ['ALIAS', 'ANAME', 'LUA']
/** What the signer puts beside a CNAME (RFC 4034 §3, §4). */
const BESIDE_CNAME = ['CNAME', 'RRSIG', 'NSEC', 'KEY']

/**
 * Indexes what a zone holds. The RRsets are canonical, one a name and type.
 *
 * @param asked as {@link Zone} has it
 */
export function zoneWith(name: Name, rrsets: readonly AnyRRset[], asked?: readonly Place[]): Zone {
  const known = asked && new Set(asked.map(keyOf))
  const byKey = new Map(rrsets.map((rrset) => [keyOf(rrset), rrset]))
  let byName: Map<Name, AnyRRset[]> | undefined
  let existing: Set<Name> | undefined
  const hasCuts = rrsets.some((rrset) => rrset.type === 'NS' && rrset.name !== name)
  const hasAliases = rrsets.some((rrset) => ALIASES.includes(rrset.type))
  const dnames = new Set(rrsets.flatMap((rrset) => (rrset.type === ('DNAME' as string) ? [rrset.name] : [])))

  const at = (owner: Name): readonly AnyRRset[] => {
    byName ??= groupBy(rrsets, (rrset) => rrset.name)
    return byName.get(owner) ?? []
  }
  const names = (): Set<Name> => {
    existing ??= new Set([name, ...rrsets.flatMap((rrset) => ancestors(rrset.name, name))])
    return existing
  }
  const get = <T extends RRType>(owner: Name, type: T): RRsetOf<T> | undefined =>
    byKey.get(keyOf({ name: owner, type })) as RRsetOf<T> | undefined
  const cutAbove = (owner: Name): Name | undefined =>
    hasCuts
      ? ancestors(owner, name).findLast((one) => one !== name && byKey.has(keyOf({ name: one, type: 'NS' })))
      : undefined

  return {
    name,
    rrsets,
    ...(asked && { asked }),
    tells: (owner, type) => known?.has(keyOf({ name: owner, type })) ?? true,
    get,
    at,
    cutAbove,
    find: (key) => byKey.get(key),
    texts: (owner) => get(owner, 'TXT')?.rdata.map(joinedTxt) ?? [],
    exists: (owner) => names().has(owner),
    source: (owner) => {
      if (at(owner).length > 0 || !isWithin(owner, name)) return owner
      const encloser = ancestors(owner, name).find((one) => names().has(one)) ?? name
      return encloser === owner ? owner : joinName('*', encloser)
    },
    inTheWay: (owner, type) => {
      const cut = cutAbove(owner)
      const dname =
        dnames.size === 0
          ? undefined
          : ancestors(owner, name)
              .slice(1)
              .find((one) => dnames.has(one))
      const cname = type === 'CNAME' ? undefined : get(owner, 'CNAME')
      const others = type === 'CNAME' ? at(owner).filter((one) => !BESIDE_CNAME.includes(one.type)) : []
      const alias = hasAliases
        ? ALIASES.find(
            (one) => (type === 'A' || type === 'AAAA' || one === 'LUA') && byKey.has(keyOf({ name: owner, type: one })),
          )
        : undefined
      const locked = byKey.get(keyOf({ name: owner, type }))?.locked
      return [
        ...(locked === undefined ? [] : [{ kind: 'locked', reason: locked } as const]),
        ...(cname ? [{ kind: 'cname', target: cname.rdata[0] } as const] : []),
        ...(others.length > 0 ? [{ kind: 'not-alone', types: others.map((one) => one.type) } as const] : []),
        ...(alias === undefined ? [] : [{ kind: 'alias', type: alias } as const]),
        ...(dname === undefined ? [] : [{ kind: 'dname', at: dname } as const]),
        ...(cut === undefined ? [] : [{ kind: 'delegation', at: cut } as const]),
      ]
    },
  }
}

/** The name and all above it, as far as the zone, itself included. */
export function ancestors(name: Name, zone: Name): Name[] {
  const chain = [name]
  for (let at = name; at !== zone && at !== '.'; ) {
    at = parentOf(at)
    chain.push(at)
  }
  return chain
}
