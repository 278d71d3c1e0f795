import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { type Caa, parseRdata } from '../../../records/rr/rdata.js'
import { mayIssue } from '../../../src/verify/ask/tls/may-issue.js'
import { checkCaa } from '../../../src/verify/checks/caa.js'
import { programPath } from '../../servers/dns-server.js'
import { run } from '../../servers/server-process.js'
import { fakeWorld, type Records } from '../fake-view.js'

const HOST = 'mail.example.com.' as Name
const hasOpenssl = programPath('openssl') !== undefined
if (!hasOpenssl && process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error('openssl is not installed')

describe.skipIf(!hasOpenssl)('CAA and the CA of the certificate that is shown', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailsync-caa-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A certificate for names, of a CA with this subject, made with openssl. */
  const certificateOf = async (subject: string, names: readonly string[]): Promise<X509Certificate> => {
    const at = (file: string): string => join(folder, file)
    const openssl = (...args: string[]): Promise<string> => run('openssl', args)
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    await openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', subject)
    const sign = [
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-addext',
      `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
    ]
    await openssl('req', '-x509', ...key, '-keyout', at('key'), '-out', at('leaf.pem'), '-subj', '/CN=x', ...sign)
    return new X509Certificate(await readFile(at('leaf.pem')))
  }
  const look = async (
    caa: readonly string[] | Records,
    { of = "/O=Let's Encrypt/CN=YE1", names = ['mail.example.com'] }: { of?: string; names?: readonly string[] } = {},
  ): Promise<string[]> => {
    const records = Array.isArray(caa) ? { 'example.com': caa.map((one) => `CAA ${one}`) } : (caa as Records)
    const checks = await checkCaa(HOST, await certificateOf(of, names), fakeWorld(records))
    return checks.map(({ verdict, seen }) => `${verdict} ${seen}`)
  }
  const ISSUES = '0 issue "letsencrypt.org"'

  test('a CA that is known, and one of which is not known what CAA calls it', async () => {
    expect(await look([ISSUES])).toEqual(["pass Let's Encrypt may issue"])
    expect(await look([ISSUES], { of: '/O=Hellenic Academic and Research Institutions CA/CN=x' })).toEqual([
      'warn the certificate in use is of Hellenic Academic and Research Institutions CA, and CAA at example.com. allows letsencrypt.org',
    ])
    expect(await look([ISSUES], { of: '/O=Small CA, Inc./CN=x' })).toEqual([
      'unknown the certificate in use is of Small CA, Inc., of which is not known what CAA calls it; CAA at example.com. allows letsencrypt.org',
    ])
    expect(await look([ISSUES], { of: '/CN=x' })).toEqual([
      expect.stringMatching(/^unknown .*is of a CA that has no name/),
    ])
  })

  test('a CA that is not known may issue where everybody may, and not where nobody may', async () => {
    const of = '/O=Small CA/CN=x'
    expect(await look([], { of })).toEqual(['pass none, so that every CA may issue'])
    expect(await look(['0 iodef "mailto:pki@example.com"'], { of })).toEqual([
      'pass CAA at example.com. lets every CA issue it',
    ])
    expect(await look(['0 issue ";"'], { of })).toEqual([
      'warn the certificate in use is of Small CA, and CAA at example.com. allows nobody',
    ])
  })

  test('a certificate that nobody issued is none of the business of CAA', async () => {
    await certificateOf('/O=Own', ['x'])
    const own = new X509Certificate(await readFile(join(folder, 'ca.pem')))
    expect(await checkCaa(HOST, own, fakeWorld({ 'example.com': ['CAA 0 issue ";"'] }))).toEqual([])
  })

  test('a wildcard certificate: issuewild counts in place of issue where it is there, and for nothing else', async () => {
    const names = ['*.example.com']
    const wild = '0 issuewild "digicert.com"'
    expect(await look([ISSUES, wild], { names })).toEqual([
      "warn the wildcard certificate in use is of Let's Encrypt, and CAA at example.com. allows digicert.com",
    ])
    expect(await look([ISSUES, wild])).toEqual(["pass Let's Encrypt may issue"])
    expect(await look([ISSUES], { names })).toEqual(["pass Let's Encrypt may issue"])
    expect(await look([wild])).toEqual(['pass CAA at example.com. lets every CA issue it'])
    expect(await look(['0 issue "digicert.com"', '0 issuewild "letsencrypt.org"'], { names })).toEqual([
      "pass Let's Encrypt may issue",
    ])
    // The name below the wildcard has nothing to say of it; the certificate has both, so both count.
    const below = { 'mail.example.com': ['CAA 0 issue ";"'], 'example.com': [`CAA ${ISSUES}`] }
    expect(await look(below, { names })).toEqual(["pass Let's Encrypt may issue"])
    expect(await look(below, { names: ['mail.example.com', '*.example.com'] })).toEqual([
      expect.stringMatching(/^warn .*CAA at mail\.example\.com\. allows nobody$/),
      "pass Let's Encrypt may issue",
    ])
  })

  test('parameters say in which ways alone; one that cannot be read lets nobody issue', async () => {
    const account = 'letsencrypt.org; accounturi=https://acme.example/1; validationmethods=dns-01'
    expect(await look([`0 issue "${account}"`])).toEqual([`pass Let's Encrypt may issue, and only so: ${account}`])
    expect(await look([`0 issue "${account}"`, ISSUES])).toEqual(["pass Let's Encrypt may issue"])
    expect(await look(['0 issue "letsencrypt.org; accounturi"'])).toEqual([
      expect.stringMatching(/^warn .*allows nobody$/),
    ])
  })

  test('a tag that CAs need not know, marked as critical; one that they know, and one that is not marked', async () => {
    expect(await look([ISSUES, '128 tbs "x"'])).toEqual([expect.stringMatching(/^warn .* has tbs marked as critical/)])
    expect(await look([ISSUES, '0 tbs "x"'])).toEqual(["pass Let's Encrypt may issue"])
    expect(await look(['128 issue "letsencrypt.org"', '128 iodef "mailto:x@example.com"'])).toEqual([
      "pass Let's Encrypt may issue",
    ])
  })

  test('a CNAME is followed, and what is above its target does not count', async () => {
    const other = { 'mail.example.com': ['CNAME host.other.example'], 'other.example': ['CAA 0 issue "digicert.com"'] }
    expect(await look({ ...other, 'example.com': [`CAA ${ISSUES}`] })).toEqual(["pass Let's Encrypt may issue"])
    const own = { ...other, 'host.other.example': ['CAA 0 issue "pki.goog"'], 'example.com': [`CAA ${ISSUES}`] }
    expect(await look(own)).toEqual([expect.stringMatching(/^warn .*CAA at mail\.example\.com\. allows pki\.goog$/)])
    expect(await look({ com: ['CAA 0 issue ";"'] })).toEqual([expect.stringMatching(/^warn .*at com\. allows nobody$/)])
  })
})

const PROPERTIES = [
  '0 issue "a.example"',
  '0 issue "b.example; x=1"',
  '0 issue ";"',
  '0 issuewild "b.example"',
  '0 issuewild ";"',
  '0 iodef "mailto:x@a.example"',
  '0 tbs "x"',
]
const rdataOf = (texts: readonly string[]): Caa[] => texts.map((text) => parseRdata('CAA', text) as Caa)

test('whoever may issue still may when others may too; nobody may once there is a critical tag that nobody knows', () => {
  fc.assert(
    fc.property(fc.subarray(PROPERTIES), fc.boolean(), (texts, isWildcard) => {
      const before = mayIssue(rdataOf(texts), ['a.example'], isWildcard).kind
      const after = mayIssue(
        rdataOf([...texts, '0 issue "a.example"', '0 issuewild "a.example"']),
        ['a.example'],
        isWildcard,
      )
      expect(before).not.toBe('critical')
      expect(after).toEqual({ kind: 'allowed', ways: [] })
      expect(mayIssue(rdataOf([...texts, '128 new "x"']), ['a.example'], isWildcard).kind).toBe('critical')
      // Without a wildcard issuewild counts for nothing.
      const plain = texts.filter((text) => !text.includes('issuewild'))
      expect(mayIssue(rdataOf(texts), ['a.example'], false)).toEqual(mayIssue(rdataOf(plain), ['a.example'], false))
    }),
  )
})
