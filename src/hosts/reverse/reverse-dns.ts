import { type PublicDns, publicDns } from '../../../providers/dns/client/public-dns.js'
import { rrsetIn } from '../../../providers/dns/client/zone-finder.js'
import { MailsyncError } from '../../../records/error.js'
import { type Address, familyOf, scopeOf } from '../../../records/rr/address.js'
import type { Name } from '../../../records/rr/name.js'
import { reverseName } from '../../../records/rr/reverse.js'

/** What DNS shows at a reverse name. */
export interface ReverseView {
  /** The names that CNAMEs lead to, one after the other; the PTRs are at the last. */
  readonly chain: readonly Name[]
  readonly names: readonly Name[]
}

/** What DNS shows, or why it is not known. */
export type Seen<View> = View | { readonly unanswered: string }

/** DNS as receivers ask it about the address mail comes from. */
export interface ReverseDns {
  /** Undefined where it is not asked at all: nobody can have an address of that range, and no explicit resolver was named. */
  reverseOf(address: Address): Promise<Seen<ReverseView> | undefined>
  /** The PTRs at any name; an empty list where that is not known. */
  ptrsAt(name: Name): Promise<readonly Name[]>
  /** The addresses of a name, of the family of this one. */
  addressesOf(name: Name, like: Address): Promise<Seen<{ readonly addresses: readonly string[] }>>
  close(): void
}

export interface ReverseDnsOptions {
  /** `address[:port]` of the resolver, or `root`; default: those the system is set up with. */
  readonly resolver?: string | undefined
  readonly signal: AbortSignal
  /** Milliseconds that all questions together may take. */
  readonly limit?: number
}

const LIMIT = 8000
const MOST_STEPS = 8

/** Asks through resolvers. What is not answered in time is not known; only a run that is stopped throws. */
export function reverseDns({ resolver: named, signal, limit = LIMIT }: ReverseDnsOptions): ReverseDns {
  const dns: PublicDns = publicDns({ resolver: named })
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(limit)])
  const asked = async <View>(look: () => Promise<View>): Promise<Seen<View>> => {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof MailsyncError)) throw error
      if (error.code !== 'cancelled') return { unanswered: error.message }
      if (signal.aborted) throw error
      return { unanswered: `DNS did not answer within ${limit / 1000} s` }
    }
  }
  const ask = (name: Name, type: string) => dns.resolver.resolve({ name, type }, bounded)
  const look = async (name: Name): Promise<ReverseView> => {
    const { answer } = await ask(name, 'PTR')
    const chain: Name[] = []
    for (let at = name; chain.length < MOST_STEPS; ) {
      const target = rrsetIn(answer, at, 'CNAME')?.rdata[0]
      if (target === undefined) break
      chain.push(target)
      at = target
    }
    return { chain, names: rrsetIn(answer, chain.at(-1) ?? name, 'PTR')?.rdata ?? [] }
  }
  /** Where the zone it leads to is not served yet, a resolver gives nothing but an error for the PTR. */
  const lookAtAlias = async (name: Name): Promise<ReverseView | undefined> => {
    const target = rrsetIn((await ask(name, 'CNAME')).answer, name, 'CNAME')?.rdata[0]
    return target === undefined ? undefined : { chain: [target], names: [] }
  }
  return {
    reverseOf: async (address) => {
      if (named === undefined && scopeOf(address) !== 'public') return undefined
      const name = reverseName(address)
      const seen = await asked(() => look(name))
      if (!('unanswered' in seen)) return seen
      const alias = await asked(() => lookAtAlias(name))
      return alias && 'chain' in alias ? alias : seen
    },
    ptrsAt: async (name) => {
      const seen = await asked(() => look(name))
      return 'unanswered' in seen ? [] : seen.names
    },
    addressesOf: (name, like) =>
      asked(async () => {
        const type = familyOf(like) === 4 ? 'A' : 'AAAA'
        const { answer } = await ask(name, type)
        return { addresses: answer.flatMap((rrset) => (rrset.type === type ? rrset.rdata.map(String) : [])) }
      }),
    close: dns.close,
  }
}
