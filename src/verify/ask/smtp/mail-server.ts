import type { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
import { type Name, withoutDot } from '../../../../records/rr/name.js'
import { certificateChain } from './certificate-chain.js'
import { type Conversation, openConversation, type SmtpAddress } from './conversation.js'

/** What a host shows at port 25. */
export interface MailServer {
  /** The first word of its greeting. */
  readonly greets: string
  readonly offersTls: boolean
  /** Absent where it offers none, or the handshake fails: then `tlsFault` says why. */
  readonly certificate?: ShownCertificate
  readonly tlsFault?: string
  /** What it says to mail that is neither from nor to one of its own; nothing is sent. */
  readonly relay: 'refused' | 'taken' | 'unknown'
  readonly relayReply: string
}

export interface ShownCertificate {
  /** That of the server first, then its issuers. */
  readonly chain: readonly X509Certificate[]
  /** Why a client that looks would not take it; undefined where it would. */
  readonly fault?: string
}

/** How port 25, 465 and 587 are reached. */
export interface SmtpWorld {
  /** Where an address and port are; tests have servers of their own. */
  at(address: string, port: number): SmtpAddress
  /** PEM; default: those of Node. */
  readonly ca?: string | undefined
  /** Milliseconds in which a server has to say something. */
  readonly timeout: number
  /** Milliseconds for all that is said over one connection. Default: four timeouts. */
  readonly deadline?: number
  /** Whether this machine is one that the server may trust, as in its own network: then relaying tells nothing. */
  isNear(conversation: Pick<Conversation, 'localAddress' | 'remoteAddress'>): boolean
}

/** Reserved by RFC 2606 §3: nobody has mail there. */
const NOBODY = 'nobody@mailsync-probe.example.net'

/**
 * Talks to a host as another mail server does, up to RCPT TO: no message is sent. Throws what keeps it from being reached.
 */
export async function lookAtMailServer(
  host: Name,
  address: string,
  { at, ca, timeout, deadline, isNear }: SmtpWorld,
  signal: AbortSignal,
): Promise<MailServer> {
  const name = withoutDot(host)
  const talk = await openConversation(at(address, 25), { timeout, deadline, signal })
  try {
    const { code, lines } = await talk.read()
    if (code !== 220) throw new Error(`it greets with ${code} ${lines.join(' ')}`)
    const greets = (lines[0] ?? '').split(' ')[0] ?? ''
    const hello = await talk.say(`EHLO ${literal(talk.localAddress)}`)
    const offersTls = hello.lines.some((line) => /^STARTTLS\b/i.test(line))
    const tls = offersTls ? await secured(talk, name, ca) : {}
    if (tls.certificate) await talk.say(`EHLO ${literal(talk.localAddress)}`)
    const relay = tls.tlsFault === undefined ? await tryRelay(talk, isNear(talk)) : NOT_TRIED
    return { greets, offersTls, ...tls, ...relay }
  } finally {
    talk.close()
  }
}

type Relay = Pick<MailServer, 'relay' | 'relayReply'>
const NOT_TRIED: Relay = { relay: 'unknown', relayReply: 'not tried' }

async function secured(
  talk: Conversation,
  name: string,
  ca: string | undefined,
): Promise<Pick<MailServer, 'certificate' | 'tlsFault'>> {
  try {
    const { code, lines } = await talk.say('STARTTLS')
    if (code !== 220) return { tlsFault: `it says ${code} ${lines.join(' ')} to STARTTLS` }
    return { certificate: shownBy(await talk.startTls({ servername: name, ca }), name) }
  } catch (error) {
    return { tlsFault: (error as Error).message }
  }
}

/** What the certificate of a TLS connection is worth for a name. */
export function shownBy(socket: TLSSocket, name: string): ShownCertificate {
  const peer = socket.getPeerCertificate(true)
  const untrusted = socket.authorized ? undefined : String(socket.authorizationError ?? 'it is not trusted')
  const other = checkServerIdentity(name, peer)?.message
  const fault = untrusted ?? other
  return {
    chain: certificateChain(peer),
    ...(fault === undefined ? {} : { fault }),
  }
}

/** Names a sender and a recipient that are not the server's, and takes both back: nothing comes to DATA. */
async function tryRelay(talk: Conversation, isNear: boolean): Promise<Relay> {
  if (isNear) return { relay: 'unknown', relayReply: 'asked from its own network, which it may trust' }
  try {
    const from = await talk.say(`MAIL FROM:<${NOBODY}>`)
    const to = from.code === 250 ? await talk.say(`RCPT TO:<${NOBODY}>`) : from
    await talk.say('RSET')
    await talk.say('QUIT')
    const relayReply = `${to.code} ${to.lines.join(' ')}`
    if (to.code === 250 || to.code === 251) return { relay: 'taken', relayReply }
    // 454 is how Postfix defers what it does not relay; other 4xx may be greylisting.
    return { relay: to.code >= 500 || to.code === 454 ? 'refused' : 'unknown', relayReply }
  } catch (error) {
    return { relay: 'unknown', relayReply: (error as Error).message }
  }
}

/** An address as EHLO has it where a machine has no name that others know (RFC 5321 §4.1.3). */
export function literal(address: string): string {
  return address.includes(':') ? `[IPv6:${address.replace(/%.*/, '')}]` : `[${address}]`
}
