import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { never, ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import { openClient } from '../../../providers/route53/client.js'
import { connection } from '../../../providers/route53/connection.js'
import { parseOptions } from '../../../providers/route53/options.js'
import { zonesByName } from '../../../providers/route53/zones.js'
import { dripping, endless, type Loopback, silent, stalling, startLoopback } from '../../fakes/loopback.js'
import { errorBody } from '../../fakes/route53/xml.js'

const servers: Loopback[] = []
const providers: Provider[] = []
afterEach(async () => {
  for (const provider of providers.splice(0)) await provider.close?.()
  for (const server of servers.splice(0)) server.close()
})

async function start(answer: (reply: ServerResponse) => void): Promise<Loopback> {
  const server = await startLoopback(answer)
  servers.push(server)
  return server
}

async function connect(endpoint: string, { attempts = 1, time = 100 } = {}): Promise<Provider> {
  const options = parseOptions({
    access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    secret_access_key: 'secret',
    client_max_attempts: attempts,
    endpoint,
  })
  const client = await openClient(options, time)
  const provider = connection(client, zonesByName(client, [ZONE]))
  providers.push(provider)
  return provider
}

test.each([
  ['never begins', silent],
  ['stalls', stalling],
  ['drips', dripping],
])('a reply that %s is given up in time', async (_, answer) => {
  const { url } = await start(answer)
  await expect((await connect(url)).read(ZONE, never)).rejects.toMatchObject({ code: 'timeout' })
})

test('a reply without end is given up before it fills the memory', async () => {
  const { url } = await start(endless)
  await expect((await connect(url, { time: 60_000 })).read(ZONE, never)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Route 53 sent more than 64 MiB in one reply',
  })
})

test.each([301, 302, 307, 308])('a redirect with %i is not followed', async (status) => {
  const elsewhere = await start((reply) => reply.end())
  const { url, headers } = await start((reply) => {
    reply.writeHead(status, { location: elsewhere.url }).end()
  })
  await expect((await connect(url)).read(ZONE, never)).rejects.toMatchObject({
    code: 'unavailable',
    message: `what answered is not Route 53 (HTTP ${status})`,
  })
  expect([headers.length, elsewhere.headers.length]).toEqual([1, 0])
})

describe('a reply that asks to wait for too long', () => {
  test.each([
    [400, 'Throttling', 'rate-limited'],
    [503, 'ServiceUnavailable', 'unavailable'],
  ])('(HTTP %i, %s) is told at once, with the time', async (status, name, code) => {
    const { url, headers } = await start((reply) => {
      reply.writeHead(status, { 'retry-after': '86400', 'content-type': 'text/xml' }).end(errorBody(name, 'slow down'))
    })
    await expect((await connect(url, { attempts: 5 })).read(ZONE, never)).rejects.toMatchObject({
      code,
      message: `Route 53 asks to wait 86400 s (HTTP ${status})`,
    })
    expect(headers).toHaveLength(1)
  })
})

test.each(['http://192.0.2.1', 'http://localhost.example'])(
  'an endpoint %s, which would carry credentials in the clear, is refused',
  async (endpoint) => {
    await expect((await connect(endpoint)).read(ZONE, never)).rejects.toMatchObject({
      code: 'authentication',
      message: /in the clear/,
    })
  },
)
