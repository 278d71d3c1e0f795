import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { policyFetcher } from '../../../src/verify/ask/https/fetch-policy.js'
import { checkMtaSts } from '../../../src/verify/checks/mta-sts.js'
import { programPath } from '../../servers/dns-server.js'
import { fakeWorld, type Records } from '../fake-view.js'
import { told } from '../run-verify.js'
import { type PolicyServer, startPolicyServer } from './policy-server.js'

const POLICY = 'version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n'
const RECORDS: Records = {
  'example.com': ['MX 10 mail.example.com.', 'MX 20 b.example.net.'],
  '_mta-sts.example.com': ['TXT "v=STSv1; id=1"'],
  'mta-sts.example.com': ['A 192.0.2.80'],
}

const hasOpenssl = programPath('openssl') !== undefined
if (!hasOpenssl && process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error('openssl is not installed')

describe.skipIf(!hasOpenssl)('MTA-STS, with a policy server and a CA of its own', () => {
  let folder: string
  let server: PolicyServer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailsync-verify-'))
    server = await startPolicyServer(folder, 'mta-sts.example.com')
  })
  afterAll(async () => {
    server?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    server.answer = { status: 200, type: 'text/plain', body: POLICY }
  })

  const check = async (
    records: Records = {},
    settings: { readonly trusted?: boolean; readonly name?: string; readonly deadline?: number } = {},
  ) => {
    const { trusted = true, name = 'example.com', ...limit } = settings
    const { port, pem } = server
    const fetchPolicy = policyFetcher({
      ...limit,
      ...(trusted && { ca: pem }),
      connect: () => ({ host: '127.0.0.1', port }),
    })
    const world = fakeWorld({ ...RECORDS, ...records }, { fetchPolicy })
    const domain = { name: `${name}.` as Name, sends: true, senders: [], keys: [] }
    return told(await checkMtaSts(domain, world), 'mta-sts', 'mta-sts-policy', 'mta-sts-mx', 'caa').map((line) =>
      line.replace(/ \S+\.: /, ' '),
    )
  }

  test('record, policy and MX agree, and CAA lets the CA of the certificate issue', async () => {
    expect(await check()).toEqual([
      'pass id=1',
      'pass enforce, for 604800 s',
      'pass the policy names every MX',
      'pass none, so that every CA may issue',
    ])
    expect(
      await check({ 'example.com': [...(RECORDS['example.com'] ?? []), 'CAA 0 issue "letsencrypt.org"'] }),
    ).toContain('pass Let\u{27}s Encrypt may issue')
    expect(
      (await check({ 'example.com': [...(RECORDS['example.com'] ?? []), 'CAA 0 issue "digicert.com"'] })).at(-1),
    ).toMatch(/^warn the certificate in use is of Let's Encrypt, and CAA at example\.com\. allows digicert\.com/)
  })

  test('a server that drops the question for CAA is no failure', async () => {
    expect((await check({ 'mta-sts.example.com': ['A 192.0.2.80', 'failure CAA'] })).at(-1)).toMatch(/^unknown/)
  })

  test('an MX that the policy does not name', async () => {
    expect(await check({ 'example.com': ['MX 10 other.example.com.', 'MX 20 a.b.example.net.'] })).toContain(
      'fail the policy does not name other.example.com and a.b.example.net: no mail is given to it over MTA-STS',
    )
    server.answer.body = POLICY.replace('enforce', 'testing')
    expect((await check({ 'example.com': ['MX 10 other.example.com.'] }))[2]).toMatch(/^warn/)
  })

  test('a certificate that is not trusted, or of another name', async () => {
    expect((await check({}, { trusted: false }))[1]).toMatch(/^fail its certificate is not valid/)
    const other = { '_mta-sts.example.org': ['TXT "v=STSv1; id=1"'], 'mta-sts.example.org': ['A 192.0.2.80'] }
    expect((await check(other, { name: 'example.org' }))[1]).toMatch(/^fail its certificate is not valid/)
  })

  test('a redirect is not followed, an error is none of the policy, a page is no policy', async () => {
    server.answer = { status: 301, type: 'text/plain', body: '', location: 'https://example.com/' }
    expect((await check())[1]).toMatch(/^fail the web server answers 301, and senders follow none/)
    server.answer = { status: 404, type: 'text/html', body: 'no' }
    expect((await check())[1]).toMatch(/^fail the web server answers 404/)
    server.answer = { status: 200, type: 'text/html', body: '<html>' }
    expect((await check())[1]).toMatch(/^fail senders cannot read it/)
    server.answer = { status: 200, type: 'text/html', body: POLICY }
    expect((await check())[1]).toMatch(/^warn it is served as text\/html/)
    server.answer = { status: 200, type: 'text/plain', body: `${POLICY}x: ${'y'.repeat(100_000)}` }
    expect((await check())[1]).toMatch(/^fail/)
  })

  test('a server that drips for ever holds nobody, and half a policy is none', async () => {
    server.answer = { status: 200, type: 'text/plain', body: POLICY, unfinished: 'drips' }
    expect((await check({}, { deadline: 500 }))[1]).toBe(
      'fail the web server gives no whole answer: it is not done after 0.5 s',
    )
    server.answer = { status: 200, type: 'text/plain', body: POLICY, unfinished: 'ends' }
    expect((await check())[1]).toBe('fail the web server gives no whole answer: the connection ends before')
  })

  test('no route from here is no fault of the web server; a refusal at one of its addresses is', async () => {
    // TCP goes to no group, so that the kernel says at once that the network is not reached.
    const fetchPolicy = policyFetcher({
      connect: (address) =>
        address === '192.0.2.80' ? { host: '127.0.0.1', port: 9 } : { host: '224.0.0.1', port: 9 },
    })
    const policy = async (...addresses: string[]) => {
      const world = fakeWorld({ ...RECORDS, 'mta-sts.example.com': addresses }, { fetchPolicy })
      const domain = { name: 'example.com.' as Name, sends: true, senders: [], keys: [] }
      return told(await checkMtaSts(domain, world), 'mta-sts-policy')
    }
    expect(await policy('AAAA 2001:db8::80')).toEqual(['unknown example.com.: not reached from here: ENETUNREACH'])
    expect(await policy('A 192.0.2.80', 'AAAA 2001:db8::80')).toEqual([
      'fail example.com.: the web server is not reached: ECONNREFUSED',
    ])
  })

  test('a policy without a record, a record without a policy host, neither', async () => {
    expect(await check({ '_mta-sts.example.com': [] })).toEqual([
      'warn a policy is served, and no record tells senders of it',
    ])
    expect((await check({ 'mta-sts.example.com': [] }))[1]).toMatch(/^fail mta-sts\.example\.com has no address/)
    expect(await check({ '_mta-sts.example.com': [], 'mta-sts.example.com': [] })).toEqual([])
  })
})
