import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { checkSmtp } from '../../../src/verify/checks/smtp.js'
import { freePort } from '../../servers/server-process.js'
import { fakeWorld, type Records } from '../fake-view.js'
import { told } from '../run-verify.js'

const HOST = 'mail.example.com.' as Name

/** The first octets of a record of a TLS handshake, which never ends. */
const RECORD = Buffer.from([0x16, 3, 3, 0x3f, 0xff])
const DRIP_MS = 20

const servers = new Set<Server>()
const drips = new Set<NodeJS.Timeout>()
const sockets = new Set<Socket>()
afterEach(() => {
  for (const drip of drips) clearInterval(drip)
  for (const socket of sockets) socket.destroy()
  for (const server of servers) server.close()
})

function drip(socket: Socket, first: string | Buffer): void {
  socket.write(first)
  drips.add(setInterval(() => socket.write('2'), DRIP_MS))
}

async function start(serve: (socket: Socket) => void): Promise<number> {
  const port = await freePort()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    serve(socket)
  }).listen(port, '127.0.0.1')
  servers.add(server)
  await once(server, 'listening')
  return port
}

async function look(ports: Readonly<Record<number, number>>, addresses: Records[string] = ['A 192.0.2.10']) {
  const smtp = {
    at: (_: string, port: number) => ({ host: '127.0.0.1', port: ports[port] ?? 9 }),
    timeout: 2000,
    deadline: 500,
    isNear: () => false,
  }
  const host = { name: HOST, receives: ports[465] === undefined, submits: ports[465] !== undefined, sends: [] }
  const checks = await checkSmtp(host, fakeWorld({ 'mail.example.com': addresses }, { smtp }))
  return told(checks, 'smtp-greeting', 'smtp-starttls', 'smtp-submission').join('\n')
}

test('a server that drips an octet at a time before it greets holds nobody', async () => {
  const port = await start((socket) => drip(socket, '2'))
  expect(await look({ 25: port })).toMatch(/^fail .*: it does not take mail there: it is not done after 0\.5 s$/)
})

test('nor one that does so after STARTTLS', async () => {
  const port = await start((socket) => {
    socket.write('220 mail.example.com\r\n')
    socket.on('data', (chunk) => {
      if (chunk.toString().startsWith('EHLO')) socket.write('250-mail.example.com\r\n250 STARTTLS\r\n')
      else if (chunk.toString().startsWith('STARTTLS')) socket.write('220 go\r\n')
      else drip(socket, RECORD)
    })
  })
  expect(await look({ 25: port })).toMatch(/^fail .*: .*the handshake fails: it is not done after 0\.5 s$/m)
})

test('nor one where TLS begins at once', async () => {
  const port = await start((socket) => drip(socket, RECORD))
  expect(await look({ 465: port })).toMatch(/^fail .*: not reached: it is not done after 0\.5 s$/m)
})

test('of a host with many addresses some of each family are talked to, and it is said which are not', async () => {
  const many = Array.from({ length: 5 }, (_, index) => `A 192.0.2.${index + 1}`)
  const lines = await look({}, [...many, 'AAAA 2001:db8::1'])
  expect(lines.split('\n')).toHaveLength(5)
  expect(lines).toContain(
    'unknown mail.example.com.: of its addresses only 4 were talked to, and 2 were not: 192.0.2.4 and 192.0.2.5',
  )
})
