import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A real HTTP server on 127.0.0.1 in front of an API, for clients that are processes of their own. */
export interface HttpFront {
  readonly port: number
  readonly origin: string
  /** The next request that writes is carried out, and its reply is lost. */
  loseReply(): void
  /** The next reply to a GET breaks off in the middle. */
  cutRead(): void
  close(): Promise<void>
}

/** Of one hop only (RFC 9110 §7.6.1), or said anew by whoever sends. */
const HOP = [
  'connection',
  'host',
  'content-length',
  'transfer-encoding',
  'content-encoding',
  'accept-encoding',
  'keep-alive',
]

/** @param target the origin of the API, a server's own or one that nock answers for in this process; or what answers itself */
export async function startFront(target: string | ((request: Request) => Promise<Response>)): Promise<HttpFront> {
  let fault: 'lose' | 'cut' | undefined
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request
    const body = await buffer(request)
    const forwarded = new Request((typeof target === 'string' ? target : 'http://fake.example') + url, {
      method,
      headers: Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        HOP.includes(name) ? [] : [[name, String(value)]],
      ),
      ...(body.length > 0 ? { body } : {}),
    })
    const reply = await (typeof target === 'string' ? fetch(forwarded) : target(forwarded))
    const content = Buffer.from(await reply.arrayBuffer())
    const isFaulty = fault === (method === 'GET' ? 'cut' : 'lose')
    if (isFaulty) fault = undefined
    if (isFaulty && method !== 'GET') {
      response.destroy()
      return
    }
    const headers = [...reply.headers].filter(([name]) => !HOP.includes(name))
    response.writeHead(reply.status, { ...Object.fromEntries(headers), 'content-length': content.length })
    if (isFaulty) response.write(content.subarray(0, content.length / 2), () => response.destroy())
    else response.end(content)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    loseReply: () => {
      fault = 'lose'
    },
    cutRead: () => {
      fault = 'cut'
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
