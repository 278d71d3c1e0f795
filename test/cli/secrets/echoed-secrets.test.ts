import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Workspace, workspace } from '../workspace.js'

const SECRET = 'c4n4ry+s3cr3t/t0k3n=='
const BROKEN = 'c4n4ry s3cr3t\nBearer t0k3n'
/** Parts of the secrets, as they are and in base64. */
const PARTS = /c4n4ry|s3cr3t|t0k3n|YzRuNHJ5|M2NyM3|zY3IzdC/

/** How an API, or a proxy in front of it, tells back what it was sent. */
const REPLIES: Readonly<Record<string, (said: string, reply: ServerResponse) => void>> = {
  'a failure of its own': (said, reply) => json(reply, 500, { success: false, errors: [{ code: 1, message: said }] }),
  'a wrong token': (said, reply) => json(reply, 401, { success: false, errors: [{ code: 10000, message: said }] }),
  'a refusal that is cut in the middle of the secret': (said, reply) =>
    json(reply, 400, { errors: [{ code: 7, message: said.slice(0, said.indexOf(SECRET) + 12).padStart(312, 'x') }] }),
  'a page of HTML': (said, reply) => reply.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${said}`),
  'a redirect': (said, reply) =>
    reply.writeHead(302, { location: `http://127.0.0.1:9/?${encodeURIComponent(said)}` }).end(),
  'an error in XML': (said, reply) =>
    reply
      .writeHead(403, { 'content-type': 'text/xml' })
      .end(
        `<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>${said}</Message></Error></ErrorResponse>`,
      ),
  'JSON of another shape': (said, reply) =>
    json(reply, 200, { success: true, result: [{ id: {}, name: said }], result_info: { page: 1, per_page: 50 } }),
  'half a reply': (said, reply) => {
    reply.writeHead(200, { 'content-length': '999999' }).write(said)
    reply.socket?.destroy()
  },
}

function json(reply: ServerResponse, status: number, body: object): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function saidOf({ headers, url = '' }: IncomingMessage): string {
  return `${Object.values(headers).join(' ')} ${url} ${Buffer.from(SECRET).toString('base64')} ${SECRET}`
}

let server: Server
let answer: (said: string, reply: ServerResponse) => void
let space: Workspace
beforeAll(async () => {
  server = createServer((request, reply) => answer(saidOf(request), reply))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  space = await workspace({ 'mailsync.yaml': '' })
})
afterEach(() => void vi.unstubAllEnvs())
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await space.remove()
})

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const COMMANDS: readonly (readonly string[])[] = [
  ['plan'],
  ['plan', '--format', 'json'],
  ['apply', '--yes', '--format', 'json'],
  ['providers', '--check', '--resolver', '127.0.0.1:9'],
]

/** All that every command prints with these options of the provider. */
async function printed(options: string, api = address()): Promise<string> {
  vi.stubEnv('CLOUDFLARE_BASE_URL', api)
  await space.write(
    'mailsync.yaml',
    `providers: { p: { ${options} } }
zones: { example.com: { targets: [p] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false, dmarc: { policy: none } } }
`,
  )
  const env = { TOKEN: SECRET, BROKEN, CLOUDFLARE_BASE_URL: api }
  const runs = []
  for (const command of COMMANDS) runs.push(await space.run(command, { env }))
  for (const { code } of runs) expect(code).toBe(1)
  return runs.map(({ stdout, stderr }) => stdout + stderr).join('')
}

describe.each(Object.keys(REPLIES))('what is sent to an API that answers with %s', (name) => {
  test.each([
    ['cloudflare', 'class: cloudflare, token: env/TOKEN'],
    [
      'route53',
      'class: route53, client_max_attempts: 1, access_key_id: AKIAEXAMPLE, secret_access_key: env/TOKEN, session_token: env/TOKEN',
    ],
  ])('by %s is in no output', async (type, options) => {
    answer = REPLIES[name] as typeof answer
    expect(await printed(type === 'route53' ? `${options}, endpoint: "${address()}"` : options)).not.toMatch(PARTS)
  })
})

test.each([
  'class: cloudflare, token: env/BROKEN',
  'class: cloudflare, token: [env/TOKEN]',
  'class: cloudflare, token: env/TOKEN, account_id: env/TOKEN',
  'class: route53, access_key_id: a, secret_access_key: env/TOKEN, zone_id: env/TOKEN, region: env/TOKEN, endpoint: env/TOKEN',
  'class: rfc2136, host: 127.0.0.1, port: 9, key_name: k, key_secret: env/BROKEN',
  'class: rfc2136, host: env/TOKEN, port: env/TOKEN, key_name: env/TOKEN, key_secret: env/TOKEN, key_algorithm: env/TOKEN',
])('an option that is wrong tells no secret: %s', async (options) => {
  expect(await printed(options)).not.toMatch(PARTS)
})

test('a server that does not answer tells no secret', async () => {
  const secret = Buffer.from('c4n4ry-s3cr3t').toString('base64')
  expect(await printed(`class: rfc2136, host: 127.0.0.1, port: 9, key_name: k, key_secret: ${secret}`)).not.toMatch(
    PARTS,
  )
})

test.each([
  'https://user:c4n4ry-s3cr3t@127.0.0.1:9',
  'https://user:c4n4ry-%40-s3cr3t@127.0.0.1:9',
  'https://:c4n4ry|"^s3cr3t@127.0.0.1:9',
])('a password in the address of an API is in no output: %s', async (api) => {
  const texts = [
    await printed('class: cloudflare, token: abcdefgh', api),
    await printed(
      `class: route53, access_key_id: a, secret_access_key: abcdefgh, endpoint: '${api}', client_max_attempts: 1`,
    ),
    await printed(`class: route53, access_key_id: a, secret_access_key: abcdefgh, region: '${api}'`),
  ]
  expect(texts.join('')).toContain('***')
  expect(texts.join('')).not.toMatch(PARTS)
})
