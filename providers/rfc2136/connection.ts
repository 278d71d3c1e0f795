import { connect, type Socket } from 'node:net'
import { closedMidway, connectionFailure, malformed, stopped, timedOut } from './connection-failure.js'
import { HEADER_LENGTH } from './message.js'
import type { Rfc2136Options } from './options.js'

/** DNS messages over one TCP connection (RFC 7766). Every failure is a MailsyncError. */
export interface Connection {
  send(message: Buffer): void
  /** The next message. Aborting the signal ends the wait. */
  receive(signal?: AbortSignal): Promise<Buffer>
  close(): void
}

export async function openConnection(server: Rfc2136Options, signal: AbortSignal): Promise<Connection> {
  if (signal.aborted) throw stopped()
  const { host, port, ipv6 } = server
  const socket = connect({ host, port, noDelay: true, ...(ipv6 ? { family: 6 } : {}) })
  const state: { failure?: Error } = {}
  socket.on('error', (error) => {
    state.failure = error
  })
  const settled = (): boolean => state.failure !== undefined || socket.destroyed || socket.readableEnded
  const wait = async (event: 'connect' | 'readable', stop?: AbortSignal): Promise<void> => {
    if (!settled()) await next(socket, event, server, stop)
    if (state.failure) throw connectionFailure(server, state.failure)
  }
  const take = async (length: number, stop?: AbortSignal, before?: Buffer): Promise<Buffer> => {
    for (;;) {
      const octets: Buffer | null = socket.read(length)
      if (octets?.length === length) return octets
      if (octets || settled()) throw closedMidway(server, before ?? octets ?? Buffer.alloc(0))
      await wait('readable', stop)
    }
  }
  try {
    await wait('connect', signal)
  } catch (error) {
    socket.destroy()
    throw error
  }
  return {
    send: (message) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(message.length, 0)
      socket.write(Buffer.concat([length, message]))
    },
    receive: async (stop) => {
      const head = await take(2, stop)
      const length = head.readUInt16BE(0)
      if (length < HEADER_LENGTH) throw malformed(server)
      return take(length, stop, head)
    },
    close: () => socket.destroy(),
  }
}

function next(socket: Socket, event: string, server: Rfc2136Options, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      clearTimeout(timer)
      for (const name of [event, 'error', 'end', 'close']) socket.removeListener(name, proceed)
      signal?.removeEventListener('abort', abort)
      if (error) reject(error)
      else resolve()
    }
    const proceed = (): void => settle()
    const abort = (): void => settle(stopped())
    const timer = setTimeout(() => settle(timedOut(server)), server.timeout * 1000)
    for (const name of [event, 'error', 'end', 'close']) socket.once(name, proceed)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
