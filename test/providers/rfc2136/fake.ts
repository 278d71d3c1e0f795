import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Octets as they go out on the connection, or its end. */
export type Sent = Buffer | 'close'

export interface FakeServer {
  readonly host: string
  readonly port: number
  close(): void
}

/** A TCP server that says to each request, given without its length, whatever `answer` gives: raw octets. */
export async function startFake(answer: (request: Buffer) => readonly Sent[]): Promise<FakeServer> {
  const sockets = new Set<Socket>()
  const listener = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const sent of answer(chunk.subarray(2))) {
        if (sent === 'close') socket.end()
        else socket.write(sent)
      }
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      listener.close()
    },
  }
}
