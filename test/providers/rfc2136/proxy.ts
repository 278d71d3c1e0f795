import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { decodeMessage } from '../../../providers/dns/message.js'
import type { DnsServer } from '../../servers/dns-server.js'

/** What becomes of a message on its way: it goes on, changed or not, is lost, or takes the connection with it. */
type Fate = Buffer | 'lose' | 'close'

export interface ProxyRules {
  onRequest?(message: Buffer): Fate | Promise<Fate>
  /** `index` counts the answers on one connection from 0. */
  onReply?(message: Buffer, index: number): Fate | Promise<Fate>
}

/** A place between the adapter and a real server where messages are watched, delayed, changed and lost. */
export interface DnsProxy extends Pick<DnsServer, 'host' | 'port' | 'key'> {
  readonly requests: readonly Buffer[]
  readonly replies: readonly Buffer[]
  /** How many connections were opened so far. */
  connections(): number
  /** From now on nobody can connect. */
  refuse(): void
  close(): void
}

export async function startProxy(server: DnsServer, rules: ProxyRules): Promise<DnsProxy> {
  const requests: Buffer[] = []
  const replies: Buffer[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const listener = createServer((client) => {
    connections += 1
    const upstream = connect(server.port, server.host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.end()
        upstream.end()
      })
    }
    let index = 0
    void relay(client, upstream, (message) => {
      requests.push(message)
      return rules.onRequest?.(message) ?? message
    })
    void relay(upstream, client, (message) => {
      replies.push(message)
      return rules.onReply?.(message, index++) ?? message
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const refuse = (): void => {
    if (listener.listening) listener.close()
  }
  return {
    host: '127.0.0.1',
    port,
    key: server.key,
    requests,
    replies,
    connections: () => connections,
    refuse,
    close: () => {
      for (const socket of sockets) socket.destroy()
      refuse()
    },
  }
}

async function relay(from: Socket, to: Socket, decide: (message: Buffer) => Fate | Promise<Fate>): Promise<void> {
  for await (const message of messagesOf(from)) {
    const fate = await decide(message)
    if (fate === 'close') {
      from.destroy()
      to.destroy()
      return
    }
    if (fate !== 'lose' && !to.destroyed) to.write(framed(fate))
  }
}

async function* messagesOf(socket: Socket): AsyncGenerator<Buffer> {
  let pending = Buffer.alloc(0)
  try {
    for await (const chunk of socket) {
      pending = Buffer.concat([pending, chunk as Buffer])
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const end = 2 + pending.readUInt16BE(0)
        yield pending.subarray(2, end)
        pending = pending.subarray(end)
      }
    }
  } catch {}
}

/** A message as TCP carries it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length, 0)
  return Buffer.concat([length, message])
}

export function isUpdate(message: Buffer): boolean {
  return ((message.readUInt8(2) >> 3) & 15) === 5
}

/** A copy of a message without its TSIG record, if it has one. */
export function withoutTsig(message: Buffer): Buffer {
  const { additional } = decodeMessage(message)
  const copy = Buffer.from(message.subarray(0, additional.at(-1)?.start))
  copy.writeUInt16BE(Math.max(additional.length - 1, 0), 10)
  return copy
}

/** A copy of a signed message whose signature claims a key that no server has. */
export function withAnotherKey(message: Buffer): Buffer {
  const copy = Buffer.from(message)
  const start = decodeMessage(message).additional.at(-1)?.start as number
  copy.writeUInt8(copy.readUInt8(start + 1) ^ 1, start + 1)
  return copy
}

/** The response code of an answer. */
export function rcodeOf(message: Buffer): number {
  return message.readUInt8(3) & 15
}
