import type { RingKey } from '../../records/families/dkim/rotation/ring-key.js'
import type { Name } from '../../records/rr/name.js'
import { type Signer, signersOf } from '../dkim/rotation/signers.js'
import type { Session } from '../session.js'
import { specSenders } from '../spf/spec-senders.js'
import type { Mailing } from './judge.js'
import { type KeyPlace, type SignedMessage, signedMessages } from './signed-domain.js'

/** A mailing that a spec means, with the host or the network whose address it comes from. */
export type SpecMailing = Mailing & { readonly of: string }

export interface SpecMailings {
  readonly mailings: readonly SpecMailing[]
  /** Domains that send only from addresses that the spec does not name. */
  readonly unproven: readonly Name[]
}

/**
 * Mail of each domain from each address that the spec lets send for it, signed by each key that signs.
 *
 * @param chosen the domains; all where none is
 * @param now seconds since 1970
 */
export async function specMailings(
  session: Pick<Session, 'spec' | 'compiled' | 'keys'>,
  chosen: readonly Name[],
  place: KeyPlace,
  now: number,
): Promise<SpecMailings> {
  const { spec } = session
  const messagesOf = domainMessages(session, place, now)
  const domains = spec.domains
    .filter(({ mail, name }) => mail === 'normal' && (chosen.length === 0 || chosen.includes(name)))
    .map(({ name }) => ({ name, senders: specSenders(spec, name) ?? [] }))
  const mailings = await Promise.all(
    domains
      .filter(({ senders }) => senders.length > 0)
      .map(async ({ name, senders }) => {
        const messages = await messagesOf(name)
        return senders.map(({ sender, of }): SpecMailing => ({ domain: name, sender, of, messages }))
      }),
  )
  const unproven = domains.filter(({ senders }) => senders.length === 0).map(({ name }) => name)
  return { mailings: mailings.flat(), unproven }
}

/** Messages of a domain, one by each key that signs for it. @param now seconds since 1970 */
export function domainMessages(
  session: Pick<Session, 'compiled' | 'keys'>,
  place: KeyPlace,
  now: number,
): (domain: Name) => Promise<SignedMessage[]> {
  const signers = signersOf(session)
  return (domain) => signedMessages(signers.get(domain) ?? leftOver(domain, session.keys), place, now)
}

/** The keys that a domain signs with although the spec does not ask for them any more: what goes with them is to be seen. */
function leftOver(domain: Name, keys: readonly RingKey[]): Signer[] {
  return keys
    .filter((key) => key.domain === domain && key.state === 'signing')
    .map((key) => ({ domain, selector: key.selector, key }))
}
