import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { familyOf } from '../../../records/rr/address.js'
import { stopped } from '../connection-failure.js'
import { HEADER_LENGTH } from '../message.js'
import { type ServerAddress, serverText } from '../server.js'

/** One question over UDP. */
export interface UdpExchange<Reply> {
  readonly server: ServerAddress
  encode(id: number): Buffer
  /** What a message from the server with the right id says; undefined where it is no answer to the question. */
  decode(octets: Buffer): Reply | undefined
  /** Seconds to wait. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** How one question over UDP ended. `ignored`: messages from the server with the right id that were no answer to it. */
export type UdpResult<Reply> = { readonly reply: Reply } | { readonly ignored: number }

/** UDP sockets that carry any number of questions at the same time, a few for each server. */
export interface UdpSockets {
  /** Waits for the answer. Rejects with the system's error where the server cannot be reached, and with `cancelled` once it is aborted. */
  exchange<Reply>(exchange: UdpExchange<Reply>): Promise<UdpResult<Reply>>
  close(): void
}

/**
 * A socket for one server only: what comes from elsewhere does not get in, and that nobody takes messages there is told at
 * once (ECONNREFUSED) instead of by silence.
 */
interface OpenSocket {
  readonly socket: Socket
  readonly connected: Promise<unknown>
  /** By id: a message with another meets nobody. */
  readonly waiting: Map<number, { take(octets: Buffer): void; fail(error: Error): void }>
  close(): void
}

export interface UdpLimits {
  /** Sockets of one server; an answer must be forged for the right port of them (RFC 5452 §4.5). */
  readonly perServer: number
  /** Sockets that stay open at the same time: more than there are questions on their way. */
  readonly open: number
}

export function udpSockets(limits: UdpLimits): UdpSockets {
  const sockets = new Map<string, OpenSocket>()
  let isClosed = false
  const socketFor = (server: ServerAddress): OpenSocket => {
    const key = `${serverText(server)} ${randomInt(limits.perServer)}`
    const open = sockets.get(key)
    if (open) return open
    if (sockets.size >= limits.open) closeOneAtRest(sockets)
    const opened = openSocket(server, () => sockets.delete(key))
    sockets.set(key, opened)
    return opened
  }
  return {
    exchange: async ({ server, encode, decode, timeout, signal }) => {
      if (isClosed || signal?.aborted) throw stopped()
      const { socket, connected, waiting } = socketFor(server)
      let id = randomInt(65_536)
      while (waiting.has(id)) id = randomInt(65_536)
      return new Promise((resolve, reject) => {
        let ignored = 0
        const end = (): void => {
          waiting.delete(id)
          clearTimeout(timer)
          signal?.removeEventListener('abort', abort)
        }
        const fail = (error: Error): void => {
          end()
          reject(error)
        }
        const abort = (): void => fail(stopped())
        const timer = setTimeout(() => {
          end()
          resolve({ ignored })
        }, timeout * 1000)
        signal?.addEventListener('abort', abort)
        const take = (octets: Buffer): void => {
          const reply = decode(octets)
          if (reply === undefined) {
            ignored += 1
            return
          }
          end()
          resolve({ reply })
        }
        waiting.set(id, { take, fail })
        connected.then(() => {
          if (waiting.has(id)) socket.send(encode(id), (error) => error && fail(error))
        }, fail)
      })
    },
    close: () => {
      isClosed = true
      for (const open of [...sockets.values()]) open.close()
    },
  }
}

function closeOneAtRest(sockets: ReadonlyMap<string, OpenSocket>): void {
  for (const open of sockets.values())
    if (open.waiting.size === 0) {
      open.close()
      return
    }
}

/** Does not keep the process alive: whoever waits has a timer that does. `forget` is called before it is closed. */
function openSocket({ host, port }: ServerAddress, forget: () => void): OpenSocket {
  const socket = createSocket(familyOf(host) === 4 ? 'udp4' : 'udp6').unref()
  const waiting: OpenSocket['waiting'] = new Map()
  const failAll = (error: Error): void => {
    for (const { fail } of [...waiting.values()]) fail(error)
  }
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    forget()
    failAll(stopped())
    socket.close()
  }
  socket.on('message', (octets) => {
    if (octets.length >= HEADER_LENGTH) waiting.get(octets.readUInt16BE(0))?.take(octets)
  })
  socket.on('error', failAll)
  const connected = once(socket, 'connect')
  connected.catch(close)
  socket.connect(port, host)
  return { socket, connected, waiting, close }
}
