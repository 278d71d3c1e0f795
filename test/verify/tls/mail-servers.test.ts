import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { checkOutbound, outboundProbe } from '../../../src/verify/ask/smtp/outbound.js'
import { checkSmtp } from '../../../src/verify/checks/smtp.js'
import { checkTlsa } from '../../../src/verify/checks/tlsa.js'
import type { CheckedHost } from '../../../src/verify/subjects/scope.js'
import { programPath } from '../../servers/dns-server.js'
import { missingPostfix, type Postfix, startPostfix } from '../../servers/mail/postfix.js'
import { type TestCa, testCa } from '../../servers/renewals.js'
import { freePort } from '../../servers/server-process.js'
import { fakeWorld, type Records } from '../fake-view.js'
import { told } from '../run-verify.js'

const HOST = 'mail.example.com.' as Name
const RECORDS: Records = { 'mail.example.com': ['A 192.0.2.10'] }
const hasOpenssl = programPath('openssl') !== undefined
if (!hasOpenssl && process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error('openssl is not installed')

let folder: string
let ca: TestCa
let pem: string
let hash: string
beforeAll(async () => {
  if (!hasOpenssl) return
  folder = await mkdtemp(join(tmpdir(), 'mailsync-verify-'))
  ca = await testCa(join(folder, 'ca'), 'mail.example.com')
  await ca.renew(join(folder, 'live'))
  pem = await readFile(join(folder, 'ca/ca.pem'), 'utf8')
  hash = await ca.hashOf(join(folder, 'live/fullchain.pem'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ports {
  readonly 25?: number
  readonly 465?: number
  readonly 587?: number
}

/** @param trusted whether the CA of the certificate is known */
async function look(
  ports: Ports,
  records: Records = {},
  host: Partial<CheckedHost> = {},
  trusted = true,
  near = false,
) {
  const smtp = {
    at: (_: string, port: number) => ({ host: '127.0.0.1', port: ports[port as 25] ?? 9 }),
    ca: trusted ? pem : undefined,
    timeout: 2000,
    isNear: () => near,
  }
  const world = fakeWorld({ ...RECORDS, ...records }, { smtp })
  const checks = await checkSmtp({ name: HOST, receives: true, sends: [], ...host }, world)
  return checks.map(({ verdict, id, seen }) => `${verdict} ${id}: ${seen}`)
}

const missing = missingPostfix()
if (missing !== undefined) describe.skip(missing, () => test('mail servers with Postfix', () => {}))
else
  describe('a real Postfix', () => {
    const servers: Postfix[] = []
    afterEach(async () => {
      await Promise.all(servers.splice(0).map((one) => one.stop()))
    })
    const start = async (name: string, more: Readonly<Record<string, string>> = {}): Promise<number> => {
      const chain = join(folder, 'server.pem')
      const files = await Promise.all(
        ['privkey.pem', 'fullchain.pem'].map((file) => readFile(join(folder, 'live', file), 'utf8')),
      )
      await writeFile(chain, files.join(''))
      const server = await startPostfix(name, chain, { settings: { mynetworks: '203.0.113.0/24', ...more } })
      servers.push(server)
      return server.port
    }

    test('greets with its name, offers TLS with a valid certificate that its TLSA has, and relays for nobody', async () => {
      const port = await start('mail.example.com')
      const lines = await look({ 25: port }, { '_25._tcp.mail.example.com': [`TLSA 3 1 1 ${hash}`] })
      expect(lines).toEqual([
        'pass smtp-greeting: it greets as mail.example.com',
        'pass smtp-starttls: it offers TLS',
        'pass smtp-certificate: valid for mail.example.com',
        expect.stringMatching(/^pass smtp-relay: it refuses: [45]54/),
        expect.stringMatching(/^pass tlsa-certificate: 3 1 1 /),
        'pass caa: none, so that every CA may issue',
      ])
    })

    test('another name, a certificate of nobody, keys that are not those of its TLSA', async () => {
      const port = await start('other.example.com')
      const records = { '_25._tcp.mail.example.com': [`TLSA 3 1 1 ${'ab'.repeat(32)}`] }
      const lines = await look({ 25: port }, records, {}, false)
      expect(lines[0]).toMatch(/^warn smtp-greeting: it greets as other\.example\.com/)
      expect(lines[2]).toMatch(/^warn smtp-certificate: .*; without MTA-STS that is enforced senders take it$/)
      expect(lines[4]).toMatch(/^fail tlsa-certificate: none of its TLSA fits/)
      expect((await look({ 25: port }, {}, { needsCertificate: true }, false))[2]).toMatch(/^fail smtp-certificate/)
    })

    test('an open relay; but not to whom its own network asks from', async () => {
      const port = await start('mail.example.com', { mynetworks: '127.0.0.0/8' })
      expect((await look({ 25: port }))[3]).toMatch(/^fail smtp-relay: it would take mail of anybody/)
      expect((await look({ 25: port }, {}, {}, true, true))[3]).toMatch(
        /^unknown smtp-relay: asked from its own network/,
      )
    })

    test('no STARTTLS: a warning, and a failure where MTA-STS wants it', async () => {
      const port = await start('mail.example.com', { smtpd_tls_security_level: 'none' })
      expect((await look({ 25: port }))[1]).toMatch(/^warn smtp-starttls/)
      expect((await look({ 25: port }, {}, { needsCertificate: true }))[1]).toMatch(/^fail smtp-starttls/)
    })
  })

describe.skipIf(!hasOpenssl)('servers that misbehave', () => {
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    for (const server of servers.splice(0)) server.close()
  })
  /** @param say what it answers to a line; undefined ends the connection */
  const start = async (
    greeting: string | undefined,
    say: (line: string) => string | undefined = () => '250 ok',
    tls = false,
  ): Promise<number> => {
    const port = await freePort()
    const [key, cert] = await Promise.all(
      ['privkey.pem', 'fullchain.pem'].map((file) => readFile(join(folder, 'live', file))),
    )
    const server = createServer((plain) => {
      sockets.add(plain.on('error', () => {}))
      const serve = (socket: Socket): void => {
        socket.on('error', () => {})
        socket.on('data', (chunk) => {
          for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
            const reply = say(line)
            if (reply === undefined) socket.destroy()
            else socket.write(`${reply}\r\n`)
            if (line === 'STARTTLS' && reply?.startsWith('220')) {
              socket.removeAllListeners('data')
              serve(new TLSSocket(socket, { isServer: true, ...(key && { key }), ...(cert && { cert }) }))
            }
          }
        })
      }
      const socket = tls ? new TLSSocket(plain, { isServer: true, ...(key && { key }), ...(cert && { cert }) }) : plain
      if (greeting !== undefined) socket.write(`${greeting}\r\n`)
      serve(socket)
    }).listen(port, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return port
  }

  test('nobody listens; another protocol; a refusal; silence; an end', async () => {
    expect(await look({})).toEqual([
      expect.stringMatching(/^fail smtp-greeting: it does not take mail there: .*ECONNREFUSED/),
    ])
    expect(await look({ 25: await start('HTTP/1.1 400 Bad Request') })).toEqual([
      expect.stringMatching(/^fail .*no SMTP/),
    ])
    expect(await look({ 25: await start('554 no') })).toEqual([expect.stringMatching(/^fail .*greets with 554 no/)])
    expect(await look({ 25: await start('220 mail.example.com ESMTP', () => undefined) })).toEqual([
      expect.stringMatching(/^fail .*ended the connection/),
    ])
    expect(await look({ 25: await start(undefined) })).toEqual([expect.stringMatching(/^fail .*no answer in 2 s/)])
    expect(await look({ 25: await start('220-'.padEnd(100_000, 'x')) })).toEqual([expect.stringMatching(/^fail/)])
  })

  test('a handshake that fails', async () => {
    const port = await start('220 mail.example.com', (line) =>
      line.startsWith('EHLO') ? '250-mail.example.com\r\n250 STARTTLS' : line === 'STARTTLS' ? '454 not now' : '250 ok',
    )
    expect((await look({ 25: port }))[1]).toMatch(/^fail smtp-starttls: .*454 not now/)
  })

  test('submission: AUTH over TLS alone at 587 and 465; before TLS it is a failure', async () => {
    const hello = (lines: string) => (line: string) =>
      line.startsWith('EHLO') ? lines : line === 'STARTTLS' ? '220 go' : '250 ok'
    let isSecure = false
    const good = (line: string): string => {
      if (line === 'STARTTLS') isSecure = true
      return hello(isSecure ? '250-x\r\n250 AUTH PLAIN' : '250-x\r\n250 STARTTLS')(line)
    }
    const implicit = await start('220 x', hello('250-x\r\n250 AUTH PLAIN'), true)
    const host = { receives: false, submits: true }
    expect(await look({ 587: await start('220 x', good), 465: implicit }, {}, host)).toEqual([
      'pass smtp-submission: AUTH, over TLS alone',
      'pass caa: none, so that every CA may issue',
      'pass smtp-submission: AUTH, over TLS alone',
      'pass caa: none, so that every CA may issue',
    ])
    const caa = { 'example.com': ['CAA 0 issue "digicert.com"'] }
    expect((await look({ 465: implicit }, caa, host)).at(-1)).toMatch(
      /^warn caa: the certificate in use is of Let's Encrypt, and CAA at example\.com\. allows digicert\.com$/,
    )
    const bad = await start('220 x', hello('250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN'))
    expect((await look({ 587: bad, 465: implicit }, {}, host))[0]).toBe(
      'fail smtp-submission: it takes passwords before TLS',
    )
    expect(await look({ 465: implicit }, {}, { receives: false })).toEqual([
      'pass smtp-submission: AUTH, over TLS alone',
      'pass caa: none, so that every CA may issue',
    ])
    expect((await look({ 465: implicit }, {}, host))[0]).toMatch(/^fail smtp-submission: not reached/)
  })
})

describe('a host that is not reached from here', () => {
  // TCP goes to no group, so that the kernel says at once that the network is not reached.
  const lost = async (host: string, portIsBlocked: boolean | undefined) => {
    const smtp = { at: () => ({ host, port: 9 }), timeout: 1000, isNear: () => false }
    const world = fakeWorld(RECORDS, { smtp, portIsBlocked: async () => portIsBlocked })
    const checks = await checkSmtp({ name: HOST, receives: true, submits: true, sends: [] }, world)
    return checks.map(({ id, verdict }) => `${verdict} ${id}`)
  }
  const submission = (verdict: string) => Array(2).fill(`${verdict} smtp-submission`)

  test('no route is unknown at every port', async () => {
    expect(await lost('224.0.0.1', false)).toEqual(['unknown smtp-greeting', ...submission('unknown')])
  })

  test('a refusal is that of the host, unless this network refuses port 25 to all', async () => {
    for (const blocked of [false, undefined])
      expect(await lost('127.0.0.1', blocked)).toEqual(['fail smtp-greeting', ...submission('fail')])
    expect(await lost('127.0.0.1', true)).toEqual(['unknown smtp-greeting', ...submission('fail')])
  })
})

describe('port 25 outward', () => {
  const LARGE: Records = { 'gmail-smtp-in.l.google.com': ['A 192.0.2.25'] }
  const outward = async (port: number, records = LARGE) => {
    const smtp = { at: () => ({ host: '127.0.0.1', port }), timeout: 1000, isNear: () => false }
    const world = fakeWorld(records, { smtp })
    const portIsBlocked = outboundProbe(world.dns, smtp, world.signal)
    return told(await checkOutbound({ ...world, portIsBlocked }), 'smtp-outbound')
  }

  test('open, or blocked as many providers have it: with the remedy', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('220 x\r\n')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    expect((await outward(typeof address === 'object' && address ? address.port : 0))[0]).toMatch(/^pass/)
    server.close()
    expect((await outward(9))[0]).toMatch(/^warn .*this network lets nothing out to port 25/)
  })

  test('where the address of the large receiver is not found nothing is tried, and nothing known', async () => {
    expect(await outward(9, {})).toEqual([expect.stringMatching(/^unknown .*not tried/)])
    const failing = { 'gmail-smtp-in.l.google.com': ['failure'] }
    expect(await outward(9, failing)).toEqual([expect.stringMatching(/^unknown .*not tried/)])
  })
})

describe('DANE', () => {
  const tlsa = async (records: Records, state?: 'secure' | 'insecure' | 'bogus') => {
    const world = fakeWorld({ ...RECORDS, ...records }, { validate: async () => state })
    return told(await checkTlsa({ name: HOST, receives: true, sends: [] }, world), 'tlsa', 'tlsa-dnssec').map(
      (line) => line.split(' ')[0],
    )
  }
  const at = '_25._tcp.mail.example.com'

  test('none is no fault; with DNSSEC, without, broken, and where nobody can tell', async () => {
    expect(await tlsa({})).toEqual([])
    const own = { [at]: [`TLSA 3 1 1 ${'ab'.repeat(32)}`] }
    expect(await tlsa(own, 'secure')).toEqual(['pass', 'pass'])
    expect(await tlsa(own, 'insecure')).toEqual(['pass', 'warn'])
    expect(await tlsa(own, 'bogus')).toEqual(['pass', 'fail'])
    expect(await tlsa(own)).toEqual(['pass', 'unknown'])
  })

  test('what no sender can use, too many, and servers that drop the question', async () => {
    expect((await tlsa({ [at]: [`TLSA 1 1 1 ${'ab'.repeat(32)}`] }))[0]).toBe('warn')
    const many = Array.from(
      { length: 13 },
      (_, index) => `TLSA 3 1 1 ${index.toString(16).padStart(2, '0').repeat(32)}`,
    )
    expect((await tlsa({ [at]: many }))[0]).toBe('warn')
    expect(await tlsa({ [at]: ['failure TLSA'] })).toEqual(['unknown'])
  })
})
