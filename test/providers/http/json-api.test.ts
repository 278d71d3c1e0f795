import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import type { Attempt } from '../../../providers/http/attempts.js'
import type { Call, Reply } from '../../../providers/http/call.js'
import { refusalBehind } from '../../../providers/http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../../../providers/http/json-api.js'
import type { MailsyncError } from '../../../records/error.js'
import { FOREIGN_REPLIES } from '../../fakes/foreign-replies.js'
import { dripping, endless, type Loopback, silent, stalling, startLoopback } from '../../fakes/loopback.js'

const servers: Loopback[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

type Answer = (reply: ServerResponse, request: IncomingMessage) => void

/** A server that gives these answers in turn, and the last one again and again. */
async function serve(...answers: Answer[]): Promise<Loopback> {
  let turn = 0
  const server = await startLoopback((reply) => {
    const answer = answers[Math.min(turn++, answers.length - 1)] as Answer
    answer(reply, reply.req)
  })
  servers.push(server)
  return server
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (reply) =>
    reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const no = (status: number, code = 'nope', headers: Record<string, string> = {}): Answer =>
  json(status, { error: { code, message: `the ${code} words` } }, headers)
const cut: Answer = (reply) => reply.destroy()
const fine = json(200, { fine: true })

let waits: number[] = []
afterEach(() => {
  waits = []
})

function apiAt(url: string, more: Partial<JsonApi> = {}): JsonApi {
  return {
    who: 'Example',
    base: new URL(`${url}/v1`),
    baseFrom: '`host` of the provider',
    headers: () => ({ authorization: 'Bearer a-secret' }),
    problemIn: (body) => (body as { error?: { code: string; message: string } } | undefined)?.error,
    ...more,
  }
}

function client(
  url: string,
  more: Partial<JsonApi> = {},
  trying: Trying = {},
): (call: Partial<Call>) => Promise<Reply> {
  const call = jsonClient(apiAt(url, more), {
    pause: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      waits.push(milliseconds)
    },
    ...trying,
  })
  return (given) => call({ doing: 'do it', method: 'GET', path: ['things'], ...given })
}

async function failureOf(promise: Promise<unknown>): Promise<MailsyncError> {
  return promise.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: MailsyncError) => error,
  )
}

describe('a call', () => {
  test('goes below the base, its parts encoded, lists given value by value', async () => {
    let seen: IncomingMessage | undefined
    const server = await serve((reply, request) => {
      seen = request
      fine(reply, request)
    })
    const reply = await client(server.url)({ path: ['zones', '0/25.arpa', '@'], query: { id: [1, 2], q: 'a b' } })
    expect(seen?.url).toBe('/v1/zones/0%2F25.arpa/%40?id=1&id=2&q=a+b')
    expect(seen?.headers).toMatchObject({ authorization: 'Bearer a-secret', accept: 'application/json' })
    expect(reply).toMatchObject({ status: 200, body: { fine: true } })
  })

  test('may be answered with no content', async () => {
    const server = await serve((reply) => reply.writeHead(204).end())
    expect(await client(server.url)({ method: 'DELETE' })).toMatchObject({ status: 204, body: undefined })
  })

  test('whose credentials are no header fails without telling them', async () => {
    const call = client('http://127.0.0.1:9', { headers: () => ({ authorization: 'Bearer my\nsecret' }) })
    const failure = await failureOf(call({}))
    expect(failure).toMatchObject({ code: 'authentication' })
    expect(JSON.stringify([failure.message, failure.hint, String(failure.cause)])).not.toContain('secret')
  })

  test('never goes out in the clear', () => {
    expect(() => client('http://192.0.2.1')).toThrow('`host` of the provider is http://192.0.2.1')
  })
})

describe('a refusal is told in the API’s own words', () => {
  test.each([
    [400, 'rejected', /^Example refused to do it: the nope words \(nope\)$/],
    [401, 'authentication', /^Example does not accept the credentials: the nope words/],
    [403, 'permission', /^Example does not let these credentials do it: the nope words/],
    [409, 'rejected', /the nope words/],
  ])('%i is %s', async (status, code, message) => {
    const server = await serve(no(status))
    const failure = await failureOf(client(server.url)({}))
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message), apiCode: 'nope' })
    expect(refusalBehind(failure)).toMatchObject({ status, problem: { code: 'nope' } })
    expect(server.headers).toHaveLength(1)
  })

  test('and in the adapter’s, where it has better ones', async () => {
    const server = await serve(no(404, 'gone'))
    const call = client(server.url, {
      explain: ({ problem }) =>
        problem.code === 'gone' ? { kind: 'zone-not-found', what: 'no such zone', hint: 'make it' } : undefined,
    })
    expect(await failureOf(call({}))).toMatchObject({ code: 'zone-not-found', hint: 'make it' })
  })

  test('cut where it has no end', async () => {
    const server = await serve(json(400, { error: { code: 'x'.repeat(9999), message: 'y'.repeat(9999) } }))
    const { message, apiCode } = await failureOf(client(server.url)({}))
    expect([message.length < 500, (apiCode ?? '').length < 100]).toEqual([true, true])
  })
})

describe.each(Object.entries(FOREIGN_REPLIES).filter(([, { status }]) => status >= 300 && status < 500))(
  '%s',
  (_, { status, body, headers }) => {
    test('is not the API, and no refusal of its', async () => {
      const server = await serve((reply) => reply.writeHead(status, headers).end(body))
      const failure = await failureOf(client(server.url)({}))
      expect(failure).toMatchObject({ code: 'unavailable', message: /^what answered is not the API of Example/ })
      expect(refusalBehind(failure)).toBeUndefined()
      expect(server.headers).toHaveLength(1)
    })
  },
)

test('a page with 200 is not the API', async () => {
  const server = await serve((reply) => reply.writeHead(200).end('<html>Sign in</html>'))
  expect(await failureOf(client(server.url)({}))).toMatchObject({ code: 'unavailable', apiCode: '200' })
})

test.each([301, 302, 307, 308])(
  'a redirect with %i is not followed, so the credentials go nowhere else',
  async (status) => {
    const elsewhere = await serve(fine)
    const server = await serve((reply) => reply.writeHead(status, { location: elsewhere.url }).end())
    expect(await failureOf(client(server.url)({}))).toMatchObject({ code: 'unavailable' })
    expect(elsewhere.headers).toHaveLength(0)
  },
)

describe('asks again', () => {
  test.each<[string, Answer[], Call['method'], Attempt[]]>([
    ['a reading whose reply is lost', [cut, fine], 'GET', ['open', 'open']],
    ['after a whole 5xx', [no(503), no(500), fine], 'GET', ['over', 'over', 'open']],
    ['when the rate limit was reached', [no(429), no(429), fine], 'POST', ['refused', 'refused', 'open']],
    ['where the API is busy', [no(423, 'locked'), fine], 'POST', ['refused', 'open']],
  ])('%s', async (_, answers, method, kinds) => {
    const server = await serve(...answers)
    const attempts: Attempt[] = []
    const call = client(server.url, { isBusy: ({ code }) => code === 'locked' })
    expect((await call({ method, attempts })).body).toEqual({ fine: true })
    expect(attempts).toEqual(kinds)
    expect(waits).toHaveLength(kinds.length - 1)
  })

  test('when the reply says, and otherwise later each time', async () => {
    const server = await serve(no(429, 'slow', { 'retry-after': '7' }), no(503), no(503), fine)
    await client(server.url)({})
    expect(waits[0]).toBe(7000)
    expect(waits[2]).toBeGreaterThan(waits[1] as number)
  })

  test('not for longer than a run has patience', async () => {
    const server = await serve(no(429, 'slow', { 'retry-after': '86400' }))
    expect(await failureOf(client(server.url)({}))).toMatchObject({
      code: 'rate-limited',
      hint: 'try again in 86400 seconds',
    })
    expect([server.headers.length, waits]).toEqual([1, []])
  })

  test('a few times only', async () => {
    const failing = await serve(no(503))
    expect(await failureOf(client(failing.url)({}))).toMatchObject({ code: 'unavailable' })
    expect(failing.headers).toHaveLength(4)
    const busy = await serve(no(429))
    expect(await failureOf(client(busy.url)({}))).toMatchObject({ code: 'rate-limited' })
    expect(busy.headers).toHaveLength(11)
  })

  test('a write that is done once however often it is sent', async () => {
    const server = await serve(no(503), cut, fine)
    expect((await client(server.url)({ method: 'PUT', again: true })).body).toEqual({ fine: true })
  })

  test('not where nobody wants it', async () => {
    const server = await serve(no(503))
    await failureOf(client(server.url)({ again: false }))
    expect(server.headers).toHaveLength(1)
  })

  test('not once the user has stopped', async () => {
    const stop = new AbortController()
    const server = await serve((reply, request) => {
      stop.abort()
      no(503)(reply, request)
    })
    expect(await failureOf(client(server.url)({ signal: stop.signal }))).toMatchObject({ code: 'cancelled' })
    expect(server.headers).toHaveLength(1)
  })
})

test.each<Call['method']>(['POST', 'PUT', 'PATCH', 'DELETE'])(
  'a %s whose reply is lost, or a 5xx, is not sent again: it may be done',
  async (method) => {
    const server = await serve(cut)
    const attempts: Attempt[] = []
    expect(await failureOf(client(server.url)({ method, attempts, body: {} }))).toMatchObject({ code: 'unavailable' })
    expect([attempts, server.headers.length]).toEqual([['open'], 1])
    const failing = await serve(no(503))
    await failureOf(client(failing.url)({ method, body: {} }))
    expect(failing.headers).toHaveLength(1)
  },
)

test('what never left this machine is tried again, and told', async () => {
  const attempts: Attempt[] = []
  const server = await startLoopback(silent)
  server.close()
  const failure = await failureOf(client(server.url)({ method: 'POST', attempts }))
  expect(failure).toMatchObject({ code: 'unavailable', message: /the connection to Example failed.*ECONNREFUSED/ })
  expect(attempts).toEqual(['unsent', 'unsent', 'unsent', 'unsent'])
})

test.each([
  ['never begins', silent],
  ['stalls', stalling],
  ['drips', dripping],
])('a reply that %s is given up in time', async (_, answer) => {
  const server = await serve(answer)
  const failure = await failureOf(client(server.url, {}, { timeout: 100, retries: 0 })({}))
  expect(failure).toMatchObject({ code: 'timeout', message: 'Example did not answer in time when asked to do it' })
})

describe('a compressed reply', () => {
  const zipped =
    (content: Buffer, coding = 'gzip'): Answer =>
    (reply) =>
      reply.writeHead(200, { 'content-encoding': coding }).end(content)

  test.each(['gzip', 'x-gzip', 'GZIP'])('is read (%s)', async (coding) => {
    const server = await serve(zipped(gzipSync('{"fine":"täglich"}'), coding))
    expect((await client(server.url)({})).body).toEqual({ fine: 'täglich' })
  })

  test('may have nothing in it, not even an end', async () => {
    const server = await serve(zipped(Buffer.alloc(0)))
    expect(await client(server.url)({ method: 'DELETE' })).toMatchObject({ status: 200, body: undefined })
  })

  test('is asked for again where it is cut or damaged', async () => {
    const whole = gzipSync('{"fine":true}')
    const server = await serve(zipped(whole.subarray(0, -10)), zipped(Buffer.from('no gzip')), zipped(whole))
    expect((await client(server.url)({})).body).toEqual({ fine: true })
    expect(waits).toHaveLength(2)
  })

  test('is given up before what is in it fills the memory', async () => {
    const server = await serve(zipped(gzipSync(Buffer.alloc(65 * 2 ** 20))))
    expect((await failureOf(client(server.url)({}))).message).toBe('Example sent more than 64 MiB in one reply')
  })
})

test('a reply without end is given up before it fills the memory, and not asked for again', async () => {
  const server = await serve(endless)
  expect(await failureOf(client(server.url)({}))).toMatchObject({
    message: 'Example sent more than 64 MiB in one reply',
  })
  expect(server.headers).toHaveLength(1)
})

test.each(['', '.', '..'])('a call never leaves its path by an id that is %j', async (id) => {
  const server = await serve(fine)
  await expect(client(server.url)({ path: ['zones', id, 'records'] })).rejects.toMatchObject({
    code: 'rejected',
    message: expect.stringContaining(`"${id}" is no id`),
  })
  expect(server.headers).toEqual([])
})
