import type { Resolver } from '../../providers/dns/client/resolver.js'
import { RCODE } from '../../providers/dns/rcode.js'
import { MailsyncError } from '../../records/error.js'
import type { SpfAnswer, SpfQueryType, SpfRecords } from '../../records/families/spf/evaluate/dns.js'
import type { Name } from '../../records/rr/name.js'
import type { Mx } from '../../records/rr/rdata.js'
import { type AnyRRset, isKnown, rdataTexts } from '../../records/rr/rrset.js'

/** The names that the CNAMEs on the way to an answer lead to, in that order. */
export interface Led {
  readonly aliases: readonly Name[]
}

/** What resolvers tell, and where they found it. */
export type ResolvedDns = <Type extends SpfQueryType>(name: Name, type: Type) => Promise<SpfAnswer<Type> & Led>

/** DNS for SPF as resolvers tell it, who follow CNAMEs. Each question is asked once. Throws `cancelled`. */
export function resolvedDns(resolver: Resolver, signal?: AbortSignal): ResolvedDns {
  const known = new Map<string, Promise<SpfAnswer<SpfQueryType> & Led>>()
  const ask = (name: Name, type: SpfQueryType): Promise<SpfAnswer<SpfQueryType> & Led> => {
    const key = `${type} ${name}`
    const asked = known.get(key) ?? answerOf(resolver, name, type, signal)
    known.set(key, asked)
    return asked
  }
  return ask as ResolvedDns
}

async function answerOf(
  resolver: Resolver,
  name: Name,
  type: SpfQueryType,
  signal: AbortSignal | undefined,
): Promise<SpfAnswer<SpfQueryType> & Led> {
  try {
    const { rcode, answer } = await resolver.resolve({ name, type }, signal)
    const records = answer.flatMap((rrset) => recordsIn(rrset, type))
    const aliases = answer.flatMap((rrset) => (isKnown(rrset) && rrset.type === 'CNAME' ? rrset.rdata : []))
    if (records.length > 0) return { kind: 'answer', records, aliases }
    return { kind: rcode === RCODE.NXDOMAIN ? 'nxdomain' : 'nodata', aliases }
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    return { kind: 'failure', why: error.message, aliases: [] }
  }
}

function recordsIn(rrset: AnyRRset, type: SpfQueryType): SpfRecords[SpfQueryType][] {
  if (!isKnown(rrset) || rrset.type !== type) return []
  return rrset.type === 'MX' ? (rrset.rdata as readonly Mx[]).slice() : rdataTexts(rrset)
}
