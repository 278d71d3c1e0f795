import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer, type Socket as TcpSocket } from 'node:net'
import type { ServerAddress } from '../../providers/dns/server.js'

/** DNS on its way. */
export interface RelayedDns {
  /** How many messages came over UDP so far. */
  questions(): number
  close(): void
}

/**
 * Passes DNS on to a port of 127.0.0.1. BIND listens at no other address of the loopback than 127.0.0.1, because only that is one
 * of an interface.
 */
export async function relayDns({ host, port }: ServerAddress, to: number): Promise<RelayedDns> {
  const onward = new Map<string, Socket>()
  const connections = new Set<TcpSocket>()
  const udp = createSocket('udp4')
  let questions = 0
  udp.on('message', (octets, client) => {
    questions += 1
    const key = `${client.address} ${client.port}`
    const socket = onward.get(key) ?? createSocket('udp4')
    if (!onward.has(key)) {
      onward.set(key, socket)
      socket.on('message', (reply) => udp.send(reply, client.port, client.address))
      socket.on('error', () => {})
    }
    socket.send(octets, to, '127.0.0.1')
  })
  udp.bind(port, host)
  const tcp = createServer((client) => {
    const server = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      connections.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
    }
  })
  tcp.listen(port, host)
  await Promise.all([once(udp, 'listening'), once(tcp, 'listening')])
  return {
    questions: () => questions,
    close: () => {
      for (const socket of [udp, ...onward.values()]) socket.close()
      for (const socket of connections) socket.destroy()
      tcp.close()
    },
  }
}
