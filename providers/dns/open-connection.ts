import { connect } from 'node:net'
import { monotonic } from '../clock.js'
import type { Connection } from './connection.js'
import { closedMidway, connectionFailure, malformed, stopped, timedOut } from './connection-failure.js'
import { HEADER_LENGTH } from './message.js'
import type { DnsServer } from './server.js'
import { toldConnection } from './told-connection.js'

export async function openConnection(server: DnsServer, signal: AbortSignal): Promise<Connection> {
  if (signal.aborted) throw stopped()
  const { host, port, ipv6 } = server
  const socket = connect({ host, port, noDelay: true, ...(ipv6 ? { family: 6 } : {}) })
  let failure: Error | undefined
  let messages = 0
  let wake: () => unknown = () => {}
  socket.on('error', (error) => {
    failure = error
  })
  for (const event of ['connect', 'readable', 'end', 'error', 'close']) socket.on(event, () => wake())
  const isOpen = (): boolean => failure === undefined && !socket.destroyed && !socket.readableEnded

  const fromNow = (): number => monotonic() + server.timeout * 1000
  const nextEvent = async (deadline: number, stop?: AbortSignal): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    let abort = (): void => {}
    try {
      await new Promise<void>((resolve, reject) => {
        wake = resolve
        timer = setTimeout(() => reject(timedOut(server)), deadline - monotonic())
        abort = () => reject(stopped())
        stop?.addEventListener('abort', abort)
      })
    } finally {
      clearTimeout(timer)
      stop?.removeEventListener('abort', abort)
    }
  }
  const take = async (length: number, stop?: AbortSignal, head: Buffer = Buffer.alloc(0)): Promise<Buffer> => {
    const deadline = fromNow()
    for (;;) {
      const octets: Buffer | null = socket.read(length)
      if (octets?.length === length) return octets
      if (failure) throw connectionFailure(server, failure)
      if (octets || !isOpen()) throw closedMidway(server, head)
      await nextEvent(deadline, stop)
    }
  }
  try {
    const deadline = fromNow()
    while (socket.connecting && isOpen()) await nextEvent(deadline, signal)
    if (failure) throw connectionFailure(server, failure)
  } catch (error) {
    socket.destroy()
    throw error
  }
  const own: Connection = {
    send: (message) => {
      const octets = Buffer.allocUnsafe(message.length + 2)
      octets.writeUInt16BE(message.length, 0)
      message.copy(octets, 2)
      socket.write(octets)
    },
    receive: async (stop) => {
      const head = await take(2, stop)
      const length = head.readUInt16BE(0)
      if (length < HEADER_LENGTH) throw malformed(server)
      const message = await take(length, stop, head)
      messages += 1
      return message
    },
    received: () => messages,
    rest: () => {
      socket.unref()
      // What is read while nothing was asked is the server's farewell, or is no answer.
      wake = () => socket.read() !== null && socket.destroy()
      return isOpen() && socket.readableLength === 0
    },
    wake: () => {
      socket.ref()
      wake = () => {}
      return isOpen()
    },
    close: () => socket.destroy(),
  }
  return server.calls ? toldConnection(own, server.calls) : own
}
