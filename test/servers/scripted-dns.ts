import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type Answer, decode, encode, type Packet } from 'dns-packet'
import type { ServerAddress } from '../../providers/dns/server.js'
import { freePort } from './server-process.js'

/** A question as it came. */
export interface ScriptedQuery {
  readonly id: number
  /** Lower case, without the trailing dot. */
  readonly name: string
  readonly type: string
  readonly edns: boolean
  readonly over: 'udp' | 'tcp'
}

/** What the server sends: octets, after some milliseconds, or from another socket than was asked. */
export type Sent = Buffer | { readonly octets: Buffer; readonly after?: number; readonly fromElsewhere?: boolean }

export type Script = (query: ScriptedQuery) => Sent | readonly Sent[] | undefined

/** A server that says what a test wants, over UDP and TCP at one port; a TCP message of no octets ends the connection. */
export interface ScriptedDns extends ServerAddress {
  readonly queries: readonly ScriptedQuery[]
  /** The ports the questions over UDP came from. */
  readonly clientPorts: ReadonlySet<number>
  close(): void
}

export async function startScriptedDns(script: Script): Promise<ScriptedDns> {
  const host = '127.0.0.1'
  const port = await freePort()
  const queries: ScriptedQuery[] = []
  const clientPorts = new Set<number>()
  const connections = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  const sent = (octets: Buffer, over: 'udp' | 'tcp') => {
    const { id = 0, questions: [question] = [], additionals = [] } = decode(octets)
    const query = {
      id,
      name: question?.name.toLowerCase() ?? '',
      type: question?.type ?? '',
      edns: additionals.some(({ type }) => type === 'OPT'),
      over,
    }
    queries.push(query)
    const all = script(query) ?? []
    return (Array.isArray(all) ? all : [all]).map((one: Sent) => (Buffer.isBuffer(one) ? { octets: one } : one))
  }
  const later = (after: number | undefined, work: () => void): void => {
    if (after === undefined) work()
    else timers.add(setTimeout(work, after))
  }

  const listener = createServer((socket) => {
    connections.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const { octets, after } of sent(chunk.subarray(2), 'tcp'))
        later(after, () => {
          const length = Buffer.alloc(2)
          length.writeUInt16BE(octets.length)
          if (octets.length === 0) socket.destroy()
          else socket.write(Buffer.concat([length, octets]))
        })
    })
  })
  listener.listen(port, host)
  await once(listener, 'listening')
  const udp = createSocket('udp4')
  const elsewhere = createSocket('udp4')
  udp.on('message', (octets, client) => {
    clientPorts.add(client.port)
    for (const { octets: reply, after, fromElsewhere } of sent(octets, 'udp'))
      later(after, () => (fromElsewhere ? elsewhere : udp).send(reply, client.port, client.address))
  })
  udp.bind(port, host)
  await once(udp, 'listening')
  return {
    host,
    port,
    queries,
    clientPorts,
    close: () => {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of connections) socket.destroy()
      listener.close()
      udp.close()
      elsewhere.close()
    },
  }
}

export interface ScriptedReply {
  /** 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED … */
  readonly rcode?: number
  /** The AA bit; default true. */
  readonly authoritative?: boolean
  readonly truncated?: boolean
  readonly answers?: Answer[]
  readonly authorities?: Answer[]
  readonly additionals?: Answer[]
  /** Another question, or id, than was asked. */
  readonly name?: string
  readonly id?: number
}

/** A reply to a question; without EDNS. */
export function replyTo(query: ScriptedQuery, reply: ScriptedReply = {}): Buffer {
  const { rcode = 0, authoritative = true, truncated = false, answers, authorities, additionals } = reply
  return encode({
    type: 'response',
    id: reply.id ?? query.id,
    flags: rcode | (authoritative ? 0x0400 : 0) | (truncated ? 0x0200 : 0),
    questions: [{ name: reply.name ?? query.name, type: query.type as 'A' }],
    ...(answers && { answers }),
    ...(authorities && { authorities }),
    ...(additionals && { additionals }),
  } satisfies Packet)
}
