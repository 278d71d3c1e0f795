import { MailsyncError } from '../../../records/error.js'
import { type Name, ROOT } from '../../../records/rr/name.js'
import type { RRType } from '../../../records/rr/rdata.js'
import { type AnyRRset, isKnown, keyOf, type RRsetOf } from '../../../records/rr/rrset.js'
import { ancestors } from '../../../records/rr/zone.js'
import { DNS_PORT, type ServerAddress } from '../server.js'
import type { Question } from './answer.js'
import type { Resolver } from './resolver.js'

/** A name server a zone is delegated to. */
export interface NameServer {
  readonly name: Name
  /** None where the name has no address, or it could not be found. */
  readonly addresses: readonly ServerAddress[]
}

/** A zone, and who answers for it. */
export interface DelegatedZone {
  readonly zone: Name
  readonly nameServers: readonly NameServer[]
}

/** Finds the zone that a name lies in: the one whose servers answer for it, its parent's where the name does not exist. */
export interface ZoneFinder {
  /** Throws where that cannot be found out: the servers on the way do not answer. */
  find(name: Name, signal?: AbortSignal): Promise<DelegatedZone>
}

/** Finds zones through a resolver. @param port where the name servers are asked */
export function resolvedZones(resolver: Resolver, port = DNS_PORT): ZoneFinder {
  const known = new Map<string, Promise<readonly ServerAddress[]>>()
  /** What cannot be found is looked for again the next time: there are resolvers that fail for AAAA alone. */
  const addressesOf = (question: Question, signal?: AbortSignal): Promise<readonly ServerAddress[]> => {
    const key = keyOf(question)
    const found =
      known.get(key) ??
      resolver.resolve(question, signal).then(
        ({ answer }) => addressesIn(answer, port),
        (error: unknown) => {
          known.delete(key)
          if (error instanceof MailsyncError && error.code !== 'cancelled') return []
          throw error
        },
      )
    known.set(key, found)
    return found
  }
  return {
    find: async (name, signal) => {
      const zone = await apexOf(resolver, name, signal)
      const { answer } = await resolver.resolve({ name: zone, type: 'NS' }, signal)
      const names = rrsetIn(answer, zone, 'NS')?.rdata ?? []
      const nameServers = names.map(async (one) => {
        const types = ['A', 'AAAA'] as const
        const found = await Promise.all(types.map((type) => addressesOf({ name: one, type }, signal)))
        return { name: one, addresses: found.flat() }
      })
      return { zone, nameServers: await Promise.all(nameServers) }
    },
  }
}

/** The SOA tells: at the name itself, or with "there is none" that of the zone (RFC 2308 §2). No CNAME is at an apex. */
async function apexOf(resolver: Resolver, name: Name, signal: AbortSignal | undefined): Promise<Name> {
  for (const at of ancestors(name, ROOT)) {
    const { answer, authority } = await resolver.resolve({ name: at, type: 'SOA' }, signal)
    const soa = (answer.length === 0 ? authority : answer).find(({ type }) => type === ('SOA' as string))
    if (soa && (answer.length === 0 || soa.name === at)) return soa.name
  }
  throw new MailsyncError('unavailable', `the resolver does not tell which zone ${name} is in: it gives no SOA`, {
    hint: 'it may know names of its own network only; name another with --resolver, or none: --resolver root',
  })
}

export function rrsetIn<T extends RRType>(rrsets: readonly AnyRRset[], name: Name, type: T): RRsetOf<T> | undefined {
  return rrsets.find((rrset) => rrset.type === type && rrset.name === name) as RRsetOf<T> | undefined
}

/** The addresses among some RRsets, of one name or of any. */
export function addressesIn(rrsets: readonly AnyRRset[], port: number, name?: Name): ServerAddress[] {
  return rrsets.flatMap((rrset) =>
    isKnown(rrset) && (rrset.type === 'A' || rrset.type === 'AAAA') && (name === undefined || rrset.name === name)
      ? rrset.rdata.map((host) => ({ host, port }))
      : [],
  )
}
