import { heldAddress } from '../../../rr/address.js'
import { labelsOf, type Name, withoutDot } from '../../../rr/name.js'
import {
  hasAll,
  heeded,
  isSpfValue,
  readSpf,
  type SpfDirective,
  type SpfLookupTerm,
  type SpfRecord,
} from '../read-spf.js'
import { writeDirective } from '../write-spf.js'
import type { SpfDns, SpfQueryType, SpfRecords } from './dns.js'
import { ask, NAME_LIMIT } from './evaluation.js'
import { type Network, networkOf, networkTerm, subtract, union } from './network-set.js'
import { targetName } from './target-name.js'

/** What an `include` means, without asking for its record. */
export interface FlatSpf {
  /** `ip4` and `ip6` terms: whom it lets pass, the fewest there are, in order. */
  readonly networks: readonly string[]
  /** What only a client tells: `exists`, `ptr`, macros, and the includes that cannot be replaced. */
  readonly terms: readonly string[]
}

/** Why an include cannot be replaced now: it is a permanent error, or DNS does not answer. */
export interface FlatFault {
  readonly fault: string
}

/** Includes that lead to each other, or to more than anybody publishes, end here. */
const MOST_RECORDS = 200

/**
 * What `include:NAME` lets pass, by the DNS of now. The terms that replace it give every client the result that the include
 * gives (RFC 7208 §5.2), as long as no look-up of it fails: of an included record only a pass counts, so what its other
 * terms match is taken out of the networks behind them. Where that cannot be said, as a macro stands behind or before such
 * a term, the include stays.
 */
export async function flattenInclude(name: Name, dns: SpfDns): Promise<FlatSpf | FlatFault> {
  try {
    const { networks, terms } = await passing(name, { dns, left: MOST_RECORDS }, [])
    return { networks: union(networks).map(networkTerm), terms: [...new Set(terms)] }
  } catch (error) {
    if (error instanceof Unflattened) return { fault: error.message }
    throw error
  }
}

class Unflattened extends Error {}

interface Flattening {
  readonly dns: SpfDns
  left: number
}

/** Whom a record lets pass. */
interface Passing {
  readonly networks: readonly Network[]
  readonly terms: readonly string[]
}

async function passing(name: Name, flattening: Flattening, way: readonly Name[]): Promise<Passing> {
  if (way.includes(name)) throw new Unflattened(`${withoutDot(name)} includes itself (RFC 7208 §4.6.4)`)
  if (--flattening.left < 0) throw new Unflattened(`it leads to more than ${MOST_RECORDS} records`)
  const values = (await lookUp(name, 'TXT', flattening)).filter(isSpfValue)
  const [value = ''] = values
  const { value: record, faults } = readSpf(value)
  if (values.length !== 1)
    throw new Unflattened(`${withoutDot(name)} has ${values.length === 0 ? 'no SPF' : 'several SPF records'}`)
  if (!record)
    throw new Unflattened(
      `the SPF of ${withoutDot(name)} is wrong: ${faults[0]?.message ?? ''} (${faults[0]?.section ?? ''})`,
    )
  return (
    (await inWords(record, name, flattening, [...way, name])) ?? {
      networks: [],
      terms: [`include:${withoutDot(name)}`],
    }
  )
}

/** Whom the terms let pass, from left to right; undefined where no list of terms that pass says so. */
async function inWords(
  record: SpfRecord,
  name: Name,
  flattening: Flattening,
  way: readonly Name[],
): Promise<Passing | undefined> {
  const networks: Network[] = []
  const terms: string[] = []
  /** What other than passes, and is no longer asked about. */
  const taken: Network[] = []
  const { redirect } = record
  const led =
    redirect === undefined || hasAll(record)
      ? []
      : [{ qualifier: '+' as const, found: () => follow(redirect, name, flattening, way) }]
  const steps = [
    ...heeded(record).map((directive) => ({
      qualifier: directive.qualifier,
      found: () => matching(directive, name, flattening, way),
    })),
    ...led,
  ]
  for (const { qualifier, found } of steps) {
    const matched = await found()
    if (matched === 'all') {
      if (qualifier === '+') return undefined
      break
    }
    if (qualifier === '+') {
      if (matched.terms.length > 0 && taken.length > 0) return undefined
      networks.push(...matched.networks.flatMap((network) => subtract(network, taken)))
      terms.push(...matched.terms)
    } else {
      if (matched.terms.length > 0) return undefined
      taken.push(...matched.networks)
    }
  }
  return { networks, terms }
}

async function matching(
  directive: SpfDirective,
  name: Name,
  flattening: Flattening,
  way: readonly Name[],
): Promise<Passing | 'all'> {
  if (directive.kind === 'all') return 'all'
  if ('network' in directive) {
    const address = heldAddress(directive.network)
    return { networks: address === undefined ? [] : [networkOf(address, directive.bits)], terms: [] }
  }
  if (directive.kind === 'include') return follow(directive.domain ?? '', name, flattening, way)
  if (directive.kind === 'exists' || directive.kind === 'ptr' || directive.domain?.includes('%'))
    return { networks: [], terms: [ofClient(directive, name)] }
  const target = directive.domain === undefined ? name : targetName(directive.domain)
  if (target === undefined) return { networks: [], terms: [] }
  const hosts = directive.kind === 'a' ? [target] : await exchangesOf(target, flattening)
  const found = await Promise.all(hosts.map((host) => networksOf(host, directive, flattening)))
  return { networks: found.flat(), terms: [] }
}

async function follow(spec: string, name: Name, flattening: Flattening, way: readonly Name[]): Promise<Passing> {
  if (spec.includes('%')) return { networks: [], terms: [`include:${withDomain(spec, name)}`] }
  const target = targetName(spec)
  if (target === undefined || labelsOf(target).length < 2) throw new Unflattened(`${spec} is no domain to include`)
  return passing(target, flattening, way)
}

async function exchangesOf(target: Name, flattening: Flattening): Promise<Name[]> {
  const records = await lookUp(target, 'MX', flattening)
  if (records.length > NAME_LIMIT)
    throw new Unflattened(`${withoutDot(target)} has more than ${NAME_LIMIT} MX records (RFC 7208 §4.6.4)`)
  return records.flatMap(({ exchange }) => targetName(exchange) ?? [])
}

async function networksOf(host: Name, { bits4, bits6 }: SpfLookupTerm, flattening: Flattening): Promise<Network[]> {
  const addresses = [...(await lookUp(host, 'A', flattening)), ...(await lookUp(host, 'AAAA', flattening))]
  return addresses.flatMap((text) => {
    const address = heldAddress(text)
    return address === undefined ? [] : [networkOf(address, address.includes(':') ? (bits6 ?? 128) : (bits4 ?? 32))]
  })
}

/** A term as it is to stand in the record of another domain. */
function ofClient(directive: SpfLookupTerm, name: Name): string {
  const domain = directive.domain === undefined ? withoutDot(name) : withDomain(directive.domain, name)
  return writeDirective({ ...directive, qualifier: '+', domain })
}

/** A macro-string in which `%{d}` stands for the record it was in. What depends on that in another way cannot be moved. */
function withDomain(spec: string, name: Name): string {
  if (/%\{p/i.test(spec))
    throw new Unflattened(`%{p} in the SPF of ${withoutDot(name)} cannot be moved to another domain`)
  return spec.replace(
    /%\{d(\d*)(r?)([-.+,/_=]*)\}/gi,
    (whole, digits: string, reversed: string, delimiters: string) => {
      if (whole[2] === 'D' || (delimiters !== '' && delimiters !== '.'))
        throw new Unflattened(`${whole} in the SPF of ${withoutDot(name)} cannot be moved to another domain`)
      const parts = withoutDot(name).split('.')
      const ordered = reversed === '' ? parts : parts.reverse()
      return (digits === '' ? ordered : ordered.slice(-Number(digits))).join('.')
    },
  )
}

async function lookUp<Type extends SpfQueryType>(
  name: Name,
  type: Type,
  { dns }: Flattening,
): Promise<readonly SpfRecords[Type][]> {
  const answer = await ask(dns, name, type)
  if (answer.kind === 'failure')
    throw new Unflattened(`${type} of ${withoutDot(name)} could not be looked up${answer.why ? `: ${answer.why}` : ''}`)
  return answer.kind === 'answer' ? answer.records : []
}
