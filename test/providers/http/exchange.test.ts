import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { exchange } from '../../../providers/http/exchange.js'

test.each(['GET', 'POST', 'DELETE'])('the body of a %s comes whole, and so does the next request', async (method) => {
  const server = createServer(async (request, response) => response.end(`${request.method} ${await text(request)}`))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/zones`)
    for (const body of ['{"name":"ä"}', '{}', undefined]) {
      const reply = await exchange(url, { method, headers: new Headers(), body }, 'the API')
      expect(`${reply.status} ${reply.body}`).toBe(`200 ${method} ${body ?? ''}`)
    }
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('a URL with credentials is not asked, and they are not told', async () => {
  const asked = exchange(
    new URL('http://user:s3cr3t@127.0.0.1:9/zones'),
    { method: 'GET', headers: new Headers() },
    'the API',
  )
  await expect(asked).rejects.toThrow(/^http:\/\/\*\*\*@127\.0\.0\.1:9 has credentials in it, which are not sent$/)
})
