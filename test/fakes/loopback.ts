import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server on this machine that answers every request in one way, for what a mock of HTTP cannot do: take its time. */
export interface Loopback {
  readonly url: string
  /** Of the requests that came, in order. */
  readonly headers: IncomingMessage['headers'][]
  close(): void
}

export async function startLoopback(answer: (reply: ServerResponse) => void): Promise<Loopback> {
  const headers: IncomingMessage['headers'][] = []
  const server: Server = createServer((request, reply) => {
    headers.push(request.headers)
    request.resume()
    answer(reply)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Nothing at all. */
export function silent(): void {}

/** The head of a reply and the first octets of its body, then nothing. */
export function stalling(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'application/json' })
  reply.write('{"success":true,')
}

/** A body that goes on and on, an octet at a time. */
export function dripping(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => reply.write(' '), 5)
  reply.on('close', () => clearInterval(timer))
}

/** A body that goes on and on, as fast as it is taken. */
export function endless(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'application/json' })
  const chunk = Buffer.alloc(2 ** 20, ' ')
  const more = (): void => {
    while (!reply.destroyed && reply.write(chunk)) {}
  }
  reply.on('drain', more)
  more()
}
