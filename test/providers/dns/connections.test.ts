import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { type Connections, connectionsTo } from '../../../providers/dns/connections.js'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const { signal } = new AbortController()
const message = Buffer.alloc(12, 7)

/** A server that gives each message back, or does with it what the test wants; counts its connections. */
async function serverThat(answer: (socket: Socket, octets: Buffer, asked: number) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    let asked = 0
    socket.on('data', (octets) => answer(socket, octets, ++asked)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connections = connectionsTo({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    timeout: 0.2,
    ipv6: false,
  })
  closing.push(() => {
    connections.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { connections, sockets }
}

function ask(connections: Connections): Promise<Buffer> {
  return connections.use(signal, (connection) => {
    connection.send(message)
    return connection.receive()
  })
}

it('one exchange after the other takes one connection', async () => {
  const { connections, sockets } = await serverThat((socket, octets) => socket.write(octets))
  for (let exchange = 0; exchange < 3; exchange++) expect(await ask(connections)).toEqual(message)
  expect(sockets).toHaveLength(1)
})

it('exchanges at the same time have a connection each', async () => {
  const { connections, sockets } = await serverThat((socket, octets) => socket.write(octets))
  await Promise.all([ask(connections), ask(connections)])
  await Promise.all([ask(connections), ask(connections)])
  expect(sockets).toHaveLength(2)
})

it('a server that ends each connection is asked over another', async () => {
  const { connections, sockets } = await serverThat((socket, octets) => socket.end(octets))
  for (let exchange = 0; exchange < 3; exchange++) expect(await ask(connections)).toEqual(message)
  expect(sockets).toHaveLength(3)
})

it('a server that is silent to the second question of a connection is asked over another, and each time from then on', async () => {
  const { connections, sockets } = await serverThat((socket, octets, asked) => asked === 1 && socket.write(octets))
  for (let exchange = 0; exchange < 4; exchange++) expect(await ask(connections)).toEqual(message)
  expect(sockets).toHaveLength(4)
})

it('what went wrong over a new connection is told, and that connection is not used again', async () => {
  const { connections, sockets } = await serverThat((socket, octets) =>
    sockets.length === 1 ? socket.destroy() : socket.write(octets),
  )
  await expect(ask(connections)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await ask(connections)).toEqual(message)
  expect(sockets).toHaveLength(2)
})

it('what must go over a connection of its own leaves one at rest, however often: a PowerDNS takes 20 clients', async () => {
  const { connections, sockets } = await serverThat((socket, octets) => void socket.write(octets))
  await ask(connections)
  for (let exchange = 0; exchange < 30; exchange++)
    await connections.useNew(signal, (connection) => {
      connection.send(message)
      return connection.receive()
    })
  expect(sockets).toHaveLength(31)
  await vi.waitFor(() => expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(1))
})
