import type { X509Certificate } from 'node:crypto'
import { type Name, withoutDot } from '../../../../records/rr/name.js'
import { certificateChain } from './certificate-chain.js'
import { openConversation } from './conversation.js'
import { literal, type SmtpWorld } from './mail-server.js'

/**
 * The certificates that a host shows at port 25, and none that are only known here: what Node has of a connection whose CAs it
 * knows may end with one that was not shown. Throws what keeps them from being seen.
 */
export async function presentedChain(
  host: Name,
  address: string,
  { at, timeout, deadline }: SmtpWorld,
  signal: AbortSignal,
): Promise<readonly X509Certificate[]> {
  const talk = await openConversation(at(address, 25), { timeout, deadline, signal })
  try {
    await talk.read()
    await talk.say(`EHLO ${literal(talk.localAddress)}`)
    await talk.say('STARTTLS')
    const socket = await talk.startTls({ servername: withoutDot(host), ca: [] })
    return certificateChain(socket.getPeerCertificate(true))
  } finally {
    talk.close()
  }
}
