import type { RingKey } from '../../records/families/dkim/rotation/ring-key.js'
import type { SpfDns } from '../../records/families/spf/evaluate/dns.js'
import { isWildcard, type Name, withoutDot } from '../../records/rr/name.js'
import { type Signer, signersOf } from '../dkim/rotation/signers.js'
import type { Session } from '../session.js'
import { type SpecSender, specSenders } from '../spf/spec-senders.js'
import type { SpecMailing } from './mailing.js'
import { heldMessages, includedOf, isBounceName, keysOfNobody, relayMailings } from './senders/relay-mailings.js'
import { type KeyPlace, type SignedMessage, signedMessages } from './signed-domain.js'

export interface SpecMailings {
  readonly mailings: readonly SpecMailing[]
  /** Domains of which the spec names nobody who sends. */
  readonly unproven: readonly Name[]
}

/**
 * Mail of each domain from each address that the spec lets send for it, signed by each key that signs, and from its relays.
 *
 * @param chosen the domains; all where none is
 * @param now seconds since 1970
 * @param views DNS in which the addresses of relays are looked for, one after the other
 */
export async function specMailings(
  session: Pick<Session, 'spec' | 'compiled' | 'keys'>,
  chosen: readonly Name[],
  place: KeyPlace,
  now: number,
  views: readonly SpfDns[],
): Promise<SpecMailings> {
  const { spec } = session
  const messagesOf = domainMessages(session, place, now)
  const relayed = relayMailings(spec, views)
  const named = new Set(chosen)
  const domains = spec.domains.filter(
    (domain) =>
      domain.mail === 'normal' &&
      isMailDomain(domain.name) &&
      !isBounceName(domain) &&
      (named.size === 0 || named.has(domain.name)),
  )
  const found = await Promise.all(
    domains.map(async (domain) => {
      const { name } = domain
      const senders = [name, ...includedOf(domain, spec)].flatMap((one) => sendersFor(name, specSenders(spec, one)))
      const signed = senders.length === 0 ? [] : await messagesOf(name)
      const messages = signed.length > 0 ? signed : heldMessages(name, keysOfNobody(domain))
      const own = senders.map(({ sender, of }): SpecMailing => ({ domain: name, sender, of, messages }))
      return { name, mailings: [...own, ...(await relayed(domain))] }
    }),
  )
  const unproven = found.filter(({ mailings }) => mailings.length === 0).map(({ name }) => name)
  return { mailings: found.flatMap(({ mailings }) => mailings), unproven }
}

/** Whether mail may be from a name: others have an SPF for others to include, or stand for names that nobody wrote. */
export function isMailDomain(name: Name): boolean {
  return !isWildcard(name) && !name.startsWith('_')
}

/** Senders of an include of the spec, as those of the domain that includes it. */
function sendersFor(domain: Name, senders: readonly SpecSender[] = []): SpecSender[] {
  const mailFrom = `postmaster@${withoutDot(domain)}`
  return senders.map(({ sender, of }) => ({ sender: { ...sender, mailFrom }, of }))
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
