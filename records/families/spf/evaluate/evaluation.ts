import { type Name, withoutDot } from '../../../rr/name.js'
import { LOOKUP_LIMIT, VOID_LIMIT } from '../graph.js'
import type { SpfAnswer, SpfDns, SpfQueryType, SpfRecords } from './dns.js'
import type { Sender } from './sender.js'

/** Why evaluation ends in an error. */
export interface SpfProblem {
  readonly error: 'temperror' | 'permerror'
  readonly why: string
}

/** One run of check_host() over all the records it leads to (RFC 7208 §4). */
export interface Evaluation {
  readonly sender: Sender
  readonly dns: SpfDns
  lookups: number
  voids: number
  /** Names whose addresses have the client's among them, asked for once. */
  validated?: Promise<readonly Name[]>
}

/** Names whose addresses are looked up for one `mx`, one `ptr` or `%{p}` (RFC 7208 §4.6.4). */
export const NAME_LIMIT = 10

/** Counts a term that asks DNS; says so where it is one too many. */
export function countLookup(evaluation: Evaluation): SpfProblem | undefined {
  evaluation.lookups++
  return evaluation.lookups > LOOKUP_LIMIT
    ? {
        error: 'permerror',
        why: `it is look-up ${evaluation.lookups}, and ${LOOKUP_LIMIT} are allowed (RFC 7208 §4.6.4)`,
      }
    : undefined
}

/** Counts a term whose own look-up found nothing; says so where it is one too many. */
function countVoid(evaluation: Evaluation, name: Name, type: SpfQueryType): SpfProblem | undefined {
  evaluation.voids++
  return evaluation.voids > VOID_LIMIT
    ? {
        error: 'permerror',
        why: `${withoutDot(name)} has no ${type}: it is look-up ${evaluation.voids} that finds nothing, and ${VOID_LIMIT} are allowed (RFC 7208 §4.6.4)`,
      }
    : undefined
}

/** What a term looks up; none where there is nothing. */
export async function lookUp<Type extends SpfQueryType>(
  evaluation: Evaluation,
  name: Name,
  type: Type,
): Promise<readonly SpfRecords[Type][] | SpfProblem> {
  const answer = await ask(evaluation.dns, name, type)
  if (answer.kind === 'failure') return failed(name, type, answer.why)
  if (answer.kind === 'answer') return answer.records
  return countVoid(evaluation, name, type) ?? []
}

/** The addresses of a name that `mx` leads to, of which there may be none. */
export async function addressesOf(evaluation: Evaluation, name: Name): Promise<readonly string[] | SpfProblem> {
  const type = addressType(evaluation)
  const answer = await ask(evaluation.dns, name, type)
  if (answer.kind === 'failure') return failed(name, type, answer.why)
  return answer.kind === 'answer' ? answer.records : []
}

/** The type of the addresses that the client's is compared with (RFC 7208 §5). */
export function addressType({ sender }: Evaluation): 'A' | 'AAAA' {
  return sender.ip.includes(':') ? 'AAAA' : 'A'
}

/** An answer without records is one of nothing. */
export async function ask<Type extends SpfQueryType>(dns: SpfDns, name: Name, type: Type): Promise<SpfAnswer<Type>> {
  const answer = await dns(name, type)
  return answer.kind === 'answer' && answer.records.length === 0 ? { kind: 'nodata' } : answer
}

export function failed(name: Name, type: SpfQueryType, why: string | undefined): SpfProblem {
  return {
    error: 'temperror',
    why: `${type} of ${withoutDot(name)} could not be looked up${why ? `: ${why}` : ''} (RFC 7208 §2.6.6)`,
  }
}
