import type { SpfAnswer, SpfDns, SpfQueryType, SpfRecords } from '../../records/families/spf/evaluate/dns.js'
import { joinName, type Name, parentOf } from '../../records/rr/name.js'
import type { Mx } from '../../records/rr/rdata.js'
import { keyOf, type RRset, rdataTexts } from '../../records/rr/rrset.js'
import type { ResolvedDns } from '../spf/resolved-dns.js'

/** RRsets in place of what is served, by `keyOf`; undefined where nothing stands. */
export interface Replaced extends Pick<ReadonlyMap<string, RRset | undefined>, 'get' | 'has'> {
  /** Whether what wildcards answer for a name is among them; without it, only what stands at the wildcard itself is. */
  readonly tellsWildcards?: (name: Name) => boolean
}

/** Told what answers depend on. */
export interface Witness {
  /** The identity of every RRset that an answer depends on. */
  readonly onAsk?: (key: string) => void
  /** A name that does not exist: that is remembered for all its types, and for all names below it (RFC 2308 §5, RFC 8020 §2). */
  readonly onAbsent?: (name: Name) => void
}

/** CNAMEs that are followed one after the other, as resolvers do it. */
const MOST_ALIASES = 8

/**
 * DNS as it is with some RRsets replaced. CNAMEs are followed, from what is served into what is replaced and back; a wildcard
 * that is new answers for names that do not exist otherwise (RFC 4592 §3.3).
 */
export function changedDns(
  served: ResolvedDns,
  replaced: Replaced,
  { onAsk = () => {}, onAbsent = () => {} }: Witness = {},
): SpfDns {
  const ask = async (name: Name, type: SpfQueryType, left: number): Promise<SpfAnswer<SpfQueryType>> => {
    const [own, alias] = [keyOf({ name, type }), keyOf({ name, type: 'CNAME' })]
    onAsk(own)
    onAsk(alias)
    const target = replaced.get(alias)?.rdata[0] as Name | undefined
    if (target !== undefined)
      return left > 0 ? ask(target, type, left - 1) : { kind: 'failure', why: 'CNAMEs in a circle' }
    if (replaced.has(own)) return answerOf(replaced.get(own))
    if (replaced.has(alias)) return { kind: 'nodata' }
    const { aliases, ...answer } = await served(name, type)
    const changed = aliases.find((one) => {
      onAsk(keyOf({ name: one, type }))
      onAsk(keyOf({ name: one, type: 'CNAME' }))
      return replaced.has(keyOf({ name: one, type })) || replaced.has(keyOf({ name: one, type: 'CNAME' }))
    })
    if (changed !== undefined && left > 0) return ask(changed, type, left - 1)
    if (answer.kind !== 'nxdomain') return answer as SpfAnswer<SpfQueryType>
    const wildcard = replaced.tellsWildcards?.(name) ? undefined : wildcardAnswer(replaced, name, type, onAsk)
    if (wildcard === undefined) onAbsent(aliases.at(-1) ?? name)
    return wildcard ?? answer
  }
  return ((name: Name, type: SpfQueryType) => ask(name, type, MOST_ALIASES)) as SpfDns
}

function answerOf(rrset: RRset | undefined): SpfAnswer<SpfQueryType> {
  if (rrset === undefined) return { kind: 'nodata' }
  const records: SpfRecords[SpfQueryType][] =
    rrset.type === 'MX' ? [...(rrset.rdata as readonly Mx[])] : rdataTexts(rrset)
  return { kind: 'answer', records }
}

/** Only the nearest wildcard above a name answers for it. */
function wildcardAnswer(
  replaced: Replaced,
  name: Name,
  type: SpfQueryType,
  onAsk: (key: string) => void,
): SpfAnswer<SpfQueryType> | undefined {
  for (let above = name; above !== '.'; ) {
    above = parentOf(above)
    const key = keyOf({ name: joinName('*', above), type })
    onAsk(key)
    const wildcard = replaced.get(key)
    if (wildcard) return answerOf(wildcard)
  }
  return undefined
}
