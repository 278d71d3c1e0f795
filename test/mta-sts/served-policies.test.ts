import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import forge from 'node-forge'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readStsPolicy } from '../../records/families/mta-sts/read-policy.js'
import { policyFiles, servedPolicies } from '../../src/mta-sts/policy-files.js'
import type { ServedPolicy } from '../../src/mta-sts/served-policy.js'
import { compiled, serving } from '../records/compile/compiled.js'
import { programPath } from '../servers/dns-server.js'

const NAMES = ['example.com', 'example.net', 'xn--bcher-kva.example']

let folder: string
let policies: readonly ServedPolicy[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-policies-'))
  const domains = NAMES.map(
    (name, index) => `  ${name}: { mx: [mx${Math.min(index, 1)}.example.com], mta_sts: { mode: enforce } }\n`,
  )
  const { input } = await compiled(`${serving(...NAMES)}domains:\n${domains.join('')}`)
  policies = servedPolicies(input.domains)
  for (const [path, text] of policyFiles(policies)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The path of a web server; undefined where it is not installed, which MAILSYNC_REQUIRE_SERVERS=1 does not allow. */
function webServer(name: string): string | undefined {
  const path = programPath(name)
  if (path === undefined && process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(`${name} is not installed`)
  return path
}

const nginx = webServer('nginx')
const caddy = webServer('caddy')

const text = (path: string): string => policyFiles(policies).get(path) as string

describe('a Cloudflare Worker', () => {
  const fetched = async (url: string): Promise<Response> => {
    const source = `data:text/javascript,${encodeURIComponent(text('mta-sts/worker.js'))}`
    const { default: worker } = await import(/* @vite-ignore */ source)
    return worker.fetch(new Request(url))
  }

  test.each(NAMES)('gives the policy of %s, as text, and only there', async (name) => {
    const reply = await fetched(`https://mta-sts.${name}/.well-known/mta-sts.txt`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain\b/)
    expect(await reply.text()).toBe(text(`mta-sts/mta-sts.${name}/.well-known/mta-sts.txt`))
    expect((await fetched(`https://mta-sts.${name}/`)).status).toBe(404)
    expect((await fetched(`https://${name}/.well-known/mta-sts.txt`)).status).toBe(404)
  })

  test('has a policy once that several domains share', () => {
    expect(text('mta-sts/worker.js').match(/version: STSv1/g)).toHaveLength(2)
  })
})

test('snippets are one a web server, however many domains there are, and nginx’s is the same for up to 100 and beyond', () => {
  const many = (count: number): ServedPolicy[] =>
    Array.from({ length: count }, (_, index) => ({
      ...(policies[0] as ServedPolicy),
      host: `mta-sts.d${index}.example`,
    }))
  const of = (count: number, file: string): string => policyFiles(many(count)).get(`mta-sts/${file}`) as string
  expect(policyFiles(many(5000)).size).toBe(5003)
  expect(of(11, 'nginx.conf')).toBe(of(100, 'nginx.conf'))
  expect(of(101, 'nginx.conf').replace('101', '5000')).toBe(of(5000, 'nginx.conf'))
  expect(of(5000, 'nginx.conf')).toContain('/etc/letsencrypt/live/$ssl_server_name/fullchain.pem')
  expect(policyFiles([])).toEqual(new Map())
})

if (caddy === undefined) test.skip('CADDY IS NOT INSTALLED: apt-get install caddy', () => {})
else
  test('Caddy finds its snippet right', () => {
    const { status, stderr } = spawnSync(
      caddy,
      ['validate', '--adapter', 'caddyfile', '--config', join(folder, 'mta-sts', 'Caddyfile')],
      { encoding: 'utf8', env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder } },
    )
    expect({ status, stderr }).toMatchObject({ status: 0 })
  })

if (nginx === undefined) test.skip('NGINX IS NOT INSTALLED: apt-get install nginx-light', () => {})
else
  describe('nginx', () => {
    let server: ChildProcess | undefined
    afterEach(() => server?.kill())

    test('takes its snippet as it is, and serves each policy over TLS, and nothing else', async () => {
      const port = await freePort()
      const certificate = selfSigned(NAMES.map((name) => `mta-sts.${name}`))
      await writeFile(join(folder, 'fullchain.pem'), certificate.pem)
      await writeFile(join(folder, 'privkey.pem'), certificate.key)
      const site = text('mta-sts/nginx.conf')
        .replaceAll('/etc/letsencrypt/live/mta-sts/', `${folder}/`)
        .replace('/var/www/mta-sts/', `${folder}/mta-sts/`)
        .replaceAll('listen 443', `listen 127.0.0.1:${port}`)
        .replaceAll('listen [::]:443 ssl;', '')
      const config = join(folder, 'nginx.conf')
      await writeFile(join(folder, 'site.conf'), site)
      await writeFile(config, nginxConfig(folder))
      const check = spawnSync(nginx, ['-t', '-c', config], { encoding: 'utf8' })
      expect(check.stderr).toContain('test is successful')
      server = spawn(nginx, ['-c', config], { stdio: 'ignore' })
      const get = (host: string, path: string) => fetchOver(port, host, path, certificate.pem)
      await expect.poll(() => get(`mta-sts.${NAMES[0]}`, '/').catch(() => undefined), { timeout: 10_000 }).toBeDefined()
      for (const name of NAMES) {
        const reply = await get(`mta-sts.${name}`, '/.well-known/mta-sts.txt')
        expect(reply).toMatchObject({ status: 200, type: 'text/plain' })
        expect(readStsPolicy(reply.body)).toMatchObject({ value: { mode: 'enforce' }, faults: [] })
        expect(reply.body).toBe(text(`mta-sts/mta-sts.${name}/.well-known/mta-sts.txt`))
        for (const path of ['/', '/worker.js', '/.well-known/', '/.well-known/../../nginx.conf'])
          expect((await get(`mta-sts.${name}`, path)).status).not.toBe(200)
      }
      expect(
        (await get('mta-sts.example.org', '/.well-known/mta-sts.txt').catch(() => ({ status: 0 }))).status,
      ).not.toBe(200)
    })
  })

function nginxConfig(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/temp;`,
  )
  // As root nginx gives its workers to another user, who cannot read this folder.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `${user} daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events {}
http { access_log off; ${temporary.join(' ')} include ${folder}/site.conf; }
`
}

interface Reply {
  readonly status: number
  readonly type: string | undefined
  readonly body: string
}

function fetchOver(port: number, host: string, path: string, ca: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, servername: host, headers: { host }, ca, agent: false },
      (reply) => {
        let body = ''
        reply.setEncoding('utf8').on('data', (part) => {
          body += part
        })
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, type: reply.headers['content-type'], body }))
      },
    )
    asked.on('error', reject).end()
  })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function selfSigned(names: readonly string[]): { pem: string; key: string } {
  const keys = forge.pki.rsa.generateKeyPair(2048)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = keys.publicKey
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000)
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000)
  const subject = [{ name: 'commonName', value: names[0] as string }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
  ])
  certificate.sign(keys.privateKey, forge.md.sha256.create())
  return { pem: forge.pki.certificateToPem(certificate), key: forge.pki.privateKeyToPem(keys.privateKey) }
}
