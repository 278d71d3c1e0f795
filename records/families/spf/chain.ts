import { groupBy } from '../../group.js'
import { heldAddress } from '../../rr/address.js'
import { octetLength } from '../../rr/octets.js'
import { meets, type Network, networkOf } from './evaluate/network-set.js'
import { OCTET_LIMIT } from './graph.js'
import { spfTerms } from './read-spf.js'

/** One SPF of its own, at `_spf<number>.<domain>`, with some of the networks that flattened includes mean. */
export interface ChainLink {
  readonly number: number
  /** Whom it lets pass. */
  readonly terms: readonly string[]
  /**
   * Set where the domain no longer includes it: resolvers may still have an SPF that does, so it stands as it was. The day
   * since when (`YYYY-MM-DD`), empty where no lock file says it yet.
   */
  readonly retired?: string
}

/**
 * Where the terms stand from now on. Whatever mixture of old and new records a resolver has, what passed before and is to
 * pass now is in what it finds:
 *
 * - A term goes to every record that let some of its addresses pass before; others fill what room is left, then new records.
 * - Where that does not fit, or takes more look-ups than a fresh chain, there is a fresh one, under names not used so far. The
 *   old one stays as it is, and is no longer included.
 *
 * The chain that comes out is its own next one.
 *
 * @param isInline the terms have room in the SPF of the domain
 */
export function nextChain(chain: readonly ChainLink[], terms: readonly string[], isInline: boolean): ChainLink[] {
  const live = chain.filter(({ retired }) => retired === undefined)
  const used = new Set(chain.map(({ number }) => number))
  const fresh = isInline ? [] : (filled([], terms, used) ?? [])
  const grown = filled(live, terms, used)
  const isGrown = grown !== undefined && grown.length <= fresh.length
  const included = isGrown ? grown : fresh
  const names = new Set(included.map(({ number }) => number))
  const left = chain.filter(({ number }) => !names.has(number)).map((link) => ({ retired: '', ...link }))
  return [...included, ...left].sort((a, b) => a.number - b.number)
}

/** The value of a record of the chain: one that is included passes whom one of its terms does. */
export function chainValue({ terms }: Pick<ChainLink, 'terms'>): string {
  return ['v=spf1', ...terms, '-all'].join(' ')
}

/** The records that are to be included, none of them empty; undefined where one would be too long. */
function filled(
  live: readonly ChainLink[],
  terms: readonly string[],
  used: ReadonlySet<number>,
): ChainLink[] | undefined {
  const links = live.map(({ number }) => ({ number, terms: [] as string[] }))
  const homesOf = homeFinder(live)
  const homeless: string[] = []
  for (const term of new Set(terms)) {
    const homes = homesOf(term)
    for (const home of homes) links[home]?.terms.push(term)
    if (homes.length === 0) homeless.push(term)
  }
  if (links.some((link) => !fits(link.terms))) return undefined
  const numbers = new Set(used)
  for (const term of homeless) {
    const room = links.find((link) => fits([...link.terms, term]))
    if (room) room.terms.push(term)
    else links.push({ number: firstFree(numbers), terms: [term] })
  }
  return links.filter((link) => link.terms.length > 0)
}

/** Which records let a term's clients pass before, or some of them. */
function homeFinder(live: readonly ChainLink[]): (term: string) => number[] {
  const held = live.flatMap(({ terms }, home) => terms.map((term) => ({ term, home, network: networkIn(term) })))
  const exact = groupBy(held, ({ term }) => term)
  return (term) => {
    const same = exact.get(term)
    const network = same ? undefined : networkIn(term)
    const met = network ? held.filter((other) => other.network && meets(network, other.network)) : []
    return [...new Set((same ?? met).map(({ home }) => home))]
  }
}

function networkIn(text: string): Network | undefined {
  const [term] = spfTerms(`v=spf1 ${text}`)
  if (term === undefined || !('network' in term)) return undefined
  const address = heldAddress(term.network)
  return address === undefined ? undefined : networkOf(address, term.bits)
}

function fits(terms: readonly string[]): boolean {
  return terms.length <= 1 || octetLength(chainValue({ terms })) <= OCTET_LIMIT
}

function firstFree(numbers: Set<number>): number {
  let number = 1
  while (numbers.has(number)) number++
  numbers.add(number)
  return number
}
