import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A call on its way to the API. */
export interface ProxiedCall {
  readonly method: string
  readonly path: string
  readonly body: string
}

/** What the client is told in the place of the API's own reply. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * What becomes of one call: `lose`, it is carried out and its reply never comes; `cut`, its reply breaks off in the middle; an answer,
 * before it reaches the API or after it was carried out there; something that somebody does first, or, once it was carried out and its
 * reply is lost, afterwards.
 */
export type Fate =
  | 'lose'
  | 'cut'
  | { readonly when: 'before' | 'after'; readonly answer: Answer }
  | { readonly first: () => Promise<unknown> }
  | { readonly afterwards: () => Promise<unknown> }

/** A place between the adapter and the API of a real server where calls are seen, delayed and lost. */
export interface ApiProxy {
  readonly port: number
  readonly calls: readonly ProxiedCall[]
  /** The next call with this method meets this fate; given again, the one after it. */
  meet(method: string, fate: Fate): void
  close(): void
}

export async function startApiProxy(target: { readonly port: number }): Promise<ApiProxy> {
  const calls: ProxiedCall[] = []
  const fates: { readonly method: string; readonly fate: Fate }[] = []

  const pass = async (incoming: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = incoming
    const body = await buffer(incoming)
    calls.push({ method, path, body: body.toString() })
    const index = fates.findIndex((one) => one.method === method)
    const fate = index < 0 ? undefined : fates.splice(index, 1)[0]?.fate
    if (typeof fate === 'object' && 'first' in fate) await fate.first()
    if (typeof fate === 'object' && 'when' in fate && fate.when === 'before') return give(reply, fate.answer)
    const outgoing = request({ host: '127.0.0.1', port: target.port, method, path, headers, agent: false })
    outgoing.end(body)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    const content = await buffer(response)
    if (typeof fate === 'object' && 'afterwards' in fate) await fate.afterwards()
    if (fate === 'lose' || (typeof fate === 'object' && 'afterwards' in fate)) return void incoming.socket.destroy()
    if (typeof fate === 'object' && 'when' in fate) return give(reply, fate.answer)
    reply.writeHead(response.statusCode ?? 0, response.headers)
    if (fate !== 'cut') return void reply.end(content)
    reply.write(content.subarray(0, Math.floor(content.length / 2)), () => incoming.socket.destroy())
  }

  const server = createServer((incoming, reply) => {
    pass(incoming, reply).catch(() => incoming.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    meet: (method, fate) => void fates.push({ method, fate }),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function give(reply: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  reply.writeHead(status, headers).end(body)
}
