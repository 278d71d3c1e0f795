import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { type UdpSockets, udpSockets } from '../../../providers/dns/client/udp-sockets.js'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Servers that send every message back. */
async function echoes(count: number): Promise<{ host: string; port: number }[]> {
  const sockets: Socket[] = Array.from({ length: count }, () => createSocket('udp4'))
  return Promise.all(
    sockets.map(async (socket) => {
      socket.on('message', (octets, { port, address }) => socket.send(octets, port, address))
      socket.bind(0, '127.0.0.1')
      await once(socket, 'listening')
      closing.push(() => socket.close())
      return { host: '127.0.0.1', port: socket.address().port }
    }),
  )
}

function given(limits: { perServer: number; open: number }): UdpSockets {
  const sockets = udpSockets(limits)
  closing.push(sockets.close)
  return sockets
}

const ask = (sockets: UdpSockets, server: { host: string; port: number }, text: string) =>
  sockets.exchange({
    server,
    encode: (id) => {
      const octets = Buffer.alloc(12 + text.length)
      octets.writeUInt16BE(id)
      octets.write(text, 12)
      return octets
    },
    decode: (octets) => octets.toString('utf8', 12),
    timeout: 5,
    signal: undefined,
  })

test('more servers than sockets may be open get their questions all the same, again and again', async () => {
  const servers = await echoes(12)
  const sockets = given({ perServer: 2, open: 3 })
  for (let round = 0; round < 5; round++) {
    const replies = await Promise.all(servers.map((server, index) => ask(sockets, server, `${round} ${index}`)))
    expect(replies).toEqual(servers.map((_, index) => ({ reply: `${round} ${index}` })))
  }
})

test('what is asked of them one after the other, too', async () => {
  const servers = await echoes(6)
  const sockets = given({ perServer: 1, open: 2 })
  for (const [index, server] of [...servers, ...servers].entries())
    expect(await ask(sockets, server, String(index))).toEqual({ reply: String(index) })
})

test('nothing is sent once they are closed, and closing twice is no error', async () => {
  const [server] = await echoes(1)
  const sockets = given({ perServer: 1, open: 2 })
  sockets.close()
  await expect(ask(sockets, server as { host: string; port: number }, 'x')).rejects.toMatchObject({ code: 'cancelled' })
})
