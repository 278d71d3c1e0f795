import { randomInt } from 'node:crypto'
import type { Connection } from './connection.js'
import { malformed, untrusted } from './connection-failure.js'
import { decodeMessage, encodeRequest, type Message, type Request } from './message.js'
import { RCODE } from './rcode.js'
import type { DnsServer } from './server.js'
import { type ReplyVerifier, replyVerifier, sign, type Tsig, WrongSignature } from './tsig.js'

/** A request on its way: what its answers must match. */
export interface Pending {
  readonly id: number
  readonly opcode: number
  readonly verifier?: ReplyVerifier
}

export interface Reply {
  readonly message: Message
  /** Present if the message is signed, or says why the server could not sign. */
  readonly tsig: Tsig | undefined
}

/** The octets of a signed request, and what answers must match. */
export function prepare(server: DnsServer, request: Omit<Request, 'id'>): { octets: Buffer; pending: Pending } {
  const id = randomInt(65_536)
  const octets = encodeRequest({ id, ...request })
  if (!server.key) return { octets, pending: { id, opcode: request.opcode } }
  const signed = sign(octets, server.key, clock())
  const verifier = replyVerifier(server.key, signed.mac, clock)
  return { octets: signed.octets, pending: { id, opcode: request.opcode, verifier } }
}

/** The next answer to a request, its signature checked where it has one. */
export async function nextReply(
  server: DnsServer,
  connection: Connection,
  pending: Pending,
  signal?: AbortSignal,
): Promise<Reply> {
  const octets = await connection.receive(signal)
  const message = parsing(server, () => decodeMessage(octets))
  if (!message.isReply || message.id !== pending.id || message.opcode !== pending.opcode)
    throw untrusted(server, 'it does not belong to the question')
  try {
    return { message, tsig: pending.verifier?.accept(message) }
  } catch (error) {
    if (error instanceof WrongSignature) throw untrusted(server, error.message)
    throw malformed(server, error)
  }
}

// A server that cannot sign (it does not know TSIG, or refuses before it looks at the key) may still say so.
const BELIEVED_UNSIGNED: readonly number[] = [RCODE.FORMERR, RCODE.SERVFAIL, RCODE.NOTIMP, RCODE.REFUSED, RCODE.NOTAUTH]

/** One request and its one answer. Throws where no answer comes that can be believed. */
export async function exchange(
  server: DnsServer,
  connection: Connection,
  request: Omit<Request, 'id'>,
  signal?: AbortSignal,
): Promise<Reply> {
  const { octets, pending } = prepare(server, request)
  connection.send(octets)
  const reply = await nextReply(server, connection, pending, signal)
  if (server.key && !reply.tsig && !BELIEVED_UNSIGNED.includes(reply.message.rcode))
    throw untrusted(server, 'it is not signed')
  return reply
}

/** Runs code that reads a message, and turns what a malformed one makes it throw into an error for the user. */
export function parsing<T>(server: DnsServer, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw malformed(server, error)
  }
}

function clock(): number {
  return Math.floor(Date.now() / 1000)
}
