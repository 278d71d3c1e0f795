import { MailsyncError } from '../../records/error.js'
import { displayName, type Name } from '../../records/rr/name.js'
import { type Problem, SpecErrors, unplaced } from '../problem.js'
import type { DnsView, LookAtDns } from './dns-view.js'
import type { Questions } from './questions.js'

const WITHOUT = '--no-dns goes on without a look at DNS'

/** A zone that was told, where DNS shows another. */
export function zoneProblems(domain: Name, told: Name | undefined, seen: Name): Problem[] {
  if (told === undefined || told === seen) return []
  return [unplaced('name', `--zone: ${displayName(domain)} is in the zone ${seen} in DNS, not in ${told}`, WITHOUT)]
}

/** What DNS shows; undefined where it is not to be looked at, or does not answer and that is no matter. */
export async function seenInDns(
  domain: Name,
  look: LookAtDns | undefined,
  questions: Questions | undefined,
): Promise<DnsView | undefined> {
  try {
    return await look?.(domain)
  } catch (error) {
    if (error instanceof SpecErrors)
      throw new SpecErrors(error.problems.map((problem) => ({ ...problem, hint: `${problem.hint}; ${WITHOUT}` })))
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    const { code, message, where, hint } = error
    if (questions && (await questions.confirm(`DNS cannot be asked: ${message}. Go on without it?`, true)))
      return undefined
    throw new MailsyncError(code, message, {
      where,
      cause: error,
      hint: [...(hint === undefined ? [] : [hint]), '--resolver ADDRESS asks another resolver', WITHOUT].join('; '),
    })
  }
}
