import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connectCloudflare } from '../../../providers/cloudflare/connection.js'
import type { Provider } from '../../../providers/provider.js'
import { never, ZONE } from '../../fakes/cloudflare/story.js'
import { dripping, endless, type Loopback, silent, stalling, startLoopback } from '../../fakes/loopback.js'

const servers: Loopback[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  vi.unstubAllEnvs()
})

async function start(answer: (reply: ServerResponse) => void): Promise<Loopback> {
  const server = await startLoopback(answer)
  servers.push(server)
  return server
}

function connect(url: string, { maxRetries = 0, timeout = 100 } = {}): Provider {
  vi.stubEnv('CLOUDFLARE_BASE_URL', `${url}/client/v4`)
  return connectCloudflare({ token: 'x'.repeat(40) }, { zones: [ZONE] }, { maxRetries, timeout })
}

test.each([
  ['never begins', silent],
  ['stalls', stalling],
  ['drips', dripping],
])('a reply that %s is given up in time', async (_, answer) => {
  const { url } = await start(answer)
  await expect(connect(url).read(ZONE, never)).rejects.toMatchObject({ code: 'timeout' })
})

test('a reply without end is given up before it fills the memory', async () => {
  const { url } = await start(endless)
  await expect(connect(url, { timeout: 60_000 }).read(ZONE, never)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Cloudflare sent more than 64 MiB in one reply',
  })
})

test.each([301, 302, 307, 308])(
  'a redirect with %i is not followed, and the token goes nowhere else',
  async (status) => {
    const elsewhere = await start((reply) => reply.end('{}'))
    const { url, headers } = await start((reply) => {
      reply.writeHead(status, { location: `${elsewhere.url}/client/v4/zones` }).end()
    })
    await expect(connect(url).read(ZONE, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: `what answered is not the Cloudflare API (HTTP ${status})`,
    })
    expect([headers.length, elsewhere.headers.length]).toEqual([1, 0])
  },
)

describe('a reply that asks to wait', () => {
  const busy =
    (status: number, headers: Record<string, string>) =>
    (reply: ServerResponse): void => {
      const body = { success: false, errors: [{ code: 971, message: 'slow down' }] }
      reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }

  test.each([
    [{ 'retry-after': '86400' }, /^try again in 86400 seconds/],
    [{ 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }, /^try again in 3[56]\d\d seconds/],
    [{ 'retry-after-ms': '1e12', 'retry-after': '7' }, /^try again in 7 seconds/],
  ])('for too long (%j) is told at once', async (headers, hint) => {
    const server = await start(busy(429, headers))
    await expect(connect(server.url, { maxRetries: 3 }).read(ZONE, never)).rejects.toMatchObject({
      code: 'rate-limited',
      hint: expect.stringMatching(hint),
    })
    expect(server.headers).toHaveLength(1)
  })
})

test.each(['http://192.0.2.1', 'http://localhost.example', 'http://127.0.0.1.example', 'ftp://127.0.0.2.example'])(
  'a base URL %s, which would carry the token in the clear, is refused',
  (url) => {
    expect(() => connect(url)).toThrow(
      expect.objectContaining({ code: 'authentication', message: expect.stringMatching(/in the clear/) }),
    )
  },
)

test.each(['http://127.0.0.1:1', 'http://[::1]:1', 'http://localhost:1', 'https://192.0.2.1'])('%s is taken', (url) => {
  expect(() => connect(url)).not.toThrow()
})
