import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import forge from 'node-forge'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { dripping, endless } from '../../fakes/loopback.js'
import { never } from '../rfc2136/rrsets.js'
import { connectTo } from './connect-to.js'

const ZONE = 'example.com.' as Name
let identity: { readonly key: string; readonly cert: string }

beforeAll(() => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey)
  certificate.validity.notAfter.setFullYear(certificate.validity.notBefore.getFullYear() + 1)
  certificate.setSubject([{ name: 'commonName', value: 'pdns.example' }])
  certificate.setIssuer([{ name: 'commonName', value: 'pdns.example' }])
  certificate.sign(forge.pki.privateKeyFromPem(pair.privateKey), forge.md.sha256.create())
  identity = { key: pair.privateKey, cert: forge.pki.certificateToPem(certificate) }
})

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A server whose certificate nobody signed; gives its port, and the requests that came. */
async function serve(answer: RequestListener): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = []
  const server = createServer(identity, (request, reply) => {
    requests.push(`${request.method} ${request.url} ${request.headers['x-api-key']}`)
    request.resume()
    answer(request, reply)
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port: (server.address() as AddressInfo).port, requests }
}

const zone: RequestListener = (_, reply) => {
  reply.setHeader('content-type', 'application/json')
  reply.end(JSON.stringify({ name: ZONE, kind: 'Native', rrsets: [] }))
}

test('a certificate that nobody signed is refused at once, and the key is not sent', async () => {
  const { port, requests } = await serve(zone)
  await expect(connectTo(port, 'secret', { scheme: 'https' }).read(ZONE, never)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT/),
    hint: expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
  })
  expect(requests).toEqual([])
})

const unverified = { scheme: 'https', ssl_verify: false }

test('with `ssl_verify: false` it is taken, and a check says so', async () => {
  const { port, requests } = await serve(zone)
  const provider = connectTo(port, 'secret', unverified)
  expect(await provider.read(ZONE, never)).toEqual([])
  expect(await provider.check?.(ZONE, never)).toMatchObject({ remarks: [expect.stringMatching(/ssl_verify is false/)] })
  expect(requests[0]).toBe(`GET /api/v1/servers/localhost/zones/${ZONE} secret`)
})

test('then too no redirect is followed', async () => {
  const elsewhere = await serve(zone)
  const { port } = await serve((_, reply) => {
    reply.writeHead(307, { location: `https://127.0.0.1:${elsewhere.port}/` }).end()
  })
  await expect(connectTo(port, 'secret', unverified).read(ZONE, never)).rejects.toMatchObject({ code: 'unavailable' })
  expect(elsewhere.requests).toEqual([])
})

test('then too a reply that drips is given up in time, and one without end before it fills the memory', async () => {
  const slow = await serve((_, reply) => dripping(reply))
  await expect(connectTo(slow.port, 'x', { ...unverified, timeout: 0.1 }).read(ZONE, never)).rejects.toMatchObject({
    code: 'timeout',
  })
  const large = await serve((_, reply) => endless(reply))
  await expect(connectTo(large.port, 'x', unverified).read(ZONE, never)).rejects.toMatchObject({
    message: expect.stringMatching(/more than 64 MiB/),
  })
})

test('then too a stopped run ends at once', async () => {
  const { port } = await serve(() => stop.abort())
  const stop = new AbortController()
  await expect(connectTo(port, 'x', unverified).read(ZONE, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
})
