import { MailsyncError } from '../../records/error.js'
import type { Address } from '../../records/rr/address.js'
import { familyOf } from '../../records/rr/address.js'
import { displayName, type Name } from '../../records/rr/name.js'
import { type Problem, refusalBehind } from '../http/failures.js'
import { shortened } from '../http/reply.js'
import type { Sent } from '../write-batches.js'

/** What a provider said when it did not set a PTR because it does not see that the name leads to the address. */
interface Said {
  /** The provider, for people. */
  readonly who: string
  readonly address: Address
  readonly ptr: Name
  /** In its own words. */
  readonly message: string
  readonly apiCode: string
  readonly cause?: unknown
}

/** The failure of a PTR that came before its A or AAAA. */
export function forwardMissing({ who, address, ptr, message, apiCode, cause }: Said): MailsyncError {
  const type = familyOf(address) === 4 ? 'A' : 'AAAA'
  return new MailsyncError(
    'forward-missing',
    `${who} sets the PTR of ${address} only once it sees that ${displayName(ptr)} has the address: ${message}`,
    {
      hint: `apply again after the ${type} record of ${displayName(ptr)} is seen: its name servers have it, and resolvers may remember for its negative TTL that it was not there`,
      apiCode,
      cause,
    },
  )
}

/** The write, with a refusal that says so told as {@link forwardMissing}. */
export async function withForward(
  who: string,
  address: Address,
  ptr: Name | undefined,
  isForward: (problem: Problem) => boolean,
  send: () => Promise<Sent>,
): Promise<Sent> {
  const sent = await send()
  if (sent.kind === 'written' || ptr === undefined) return sent
  const problem = refusalBehind(sent.failure)?.problem
  if (problem === undefined || !isForward(problem)) return sent
  const { message, code: apiCode } = problem
  const failure = forwardMissing({ who, address, ptr, message: shortened(message), apiCode, cause: sent.failure.cause })
  return sent.kind === 'refused' && sent.earlier ? { ...sent, failure } : { kind: 'unsent', failure }
}
