import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import forge from 'node-forge'
import { beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../../records/compile.js'
import { rdataText } from '../../records/rr/rdata.js'
import { expiredCertificates } from '../../src/config/certificates/expired-certificates.js'
import { load, told } from './load.js'

/** Of `openssl x509 -pubkey | openssl pkey -pubin -outform DER | sha256sum`. */
const EC_HASH = '9da598863e57a5fb266beff0a79e4c60eb91d035956be16d2539ab27b41793cf'
const EC = readFileSync('test/fixtures/certificates/ec.pem', 'utf8')

interface Made {
  readonly pem: string
  readonly key: string
  readonly publicKey: string
  /** SHA-256 of the SubjectPublicKeyInfo, as node-forge has it. */
  readonly hash: string
}

/** A certificate of 2026-01-01 to 2026-06-30. */
function made(subject: string, isCa: boolean): Made {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const own = forge.pki.privateKeyFromPem(key)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date('2026-01-01T00:00:00Z')
  certificate.validity.notAfter = new Date('2026-06-30T12:00:00Z')
  certificate.setSubject([
    ...(subject.startsWith('Y') ? [{ name: 'organizationName', value: "Let's Encrypt" }] : []),
    { name: 'commonName', value: subject },
  ])
  certificate.setIssuer([{ name: 'commonName', value: 'A CA' }])
  certificate.setExtensions([{ name: 'basicConstraints', cA: isCa }])
  certificate.sign(own, forge.md.sha256.create())
  const der = forge.asn1.toDer(forge.pki.publicKeyToAsn1(certificate.publicKey)).getBytes()
  const digest = forge.md.sha256.create().update(der).digest().toHex()
  return {
    pem: forge.pki.certificateToPem(certificate),
    key,
    publicKey: forge.pki.publicKeyToPem(certificate.publicKey),
    hash: digest,
  }
}

let server: Made
let intermediate: Made
let root: Made
beforeAll(() => {
  server = made('mail.example.com', false)
  intermediate = made('Intermediate 1', true)
  root = made('Root', true)
})

const spec = (tlsa: string) => `providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
hosts:
  mail.example.com:
    addresses: [9.9.9.10]
    tlsa: ${tlsa}
domains: { example.com: { mx: [mail.example.com] } }
`

async function keysOf(tlsa: string, files: Readonly<Record<string, string>> = {}) {
  const { spec: read, problems } = await load({ 'mailsync.yaml': spec(tlsa), ...files })
  const [host] = read?.hosts ?? []
  return {
    keys: (host?.tlsa?.associations ?? []).map(({ value }) => rdataText('TLSA', value)),
    problems: problems.map(told),
    spec: read,
  }
}

describe('the key of a server', () => {
  test('is that of the first certificate of each file, whatever stands around it', async () => {
    const { keys, problems } = await keysOf(
      `{ certificates: [tls/current.pem, tls/next.pem], records: [3 1 1 ${'ab'.repeat(32)}] }`,
      {
        'tls/current.pem': `subject=\n${server.key}${server.pem}${intermediate.pem}${root.pem}`,
        'tls/next.pem': EC,
      },
    )
    expect(problems).toEqual([])
    expect(keys).toEqual([`3 1 1 ${'ab'.repeat(32)}`, `3 1 1 ${server.hash}`, `3 1 1 ${EC_HASH}`])
  })

  test('may stand in a file alone', async () => {
    const { keys } = await keysOf('{ certificates: [next.pub] }', { 'next.pub': server.publicKey })
    expect(keys).toEqual([`3 1 1 ${server.hash}`])
  })
})

test('the keys of the CAs are those of the chain after the server, or of a certificate that is alone', async () => {
  const files = { 'chain.pem': server.pem + intermediate.pem + root.pem, 'ca.pem': root.pem }
  expect((await keysOf('{ certificates: [chain.pem], usage: ta }', files)).keys).toEqual([
    `2 1 1 ${intermediate.hash}`,
    `2 1 1 ${root.hash}`,
  ])
  expect((await keysOf('{ certificates: [ca.pem], usage: ta }', files)).keys).toEqual([`2 1 1 ${root.hash}`])
})

describe('a file that gives no key is told where it is named', () => {
  const at = 'mailsync.yaml:6:28 tlsa-certificate: '
  const said = async (content: string | undefined, usage = '') =>
    (await keysOf(`{ certificates: [a.pem]${usage} }`, content === undefined ? {} : { 'a.pem': content })).problems

  test('it is not there', async () => {
    expect(await said(undefined)).toEqual([
      `${at}a.pem is not there\n  the path is relative to the spec; copy the certificate or public key there, it holds no secret`,
    ])
  })

  test('it holds a private key only, of which nothing is told', async () => {
    const [problem = '', ...more] = await said(server.key)
    expect(more).toEqual([])
    expect(problem).toContain(`${at}a.pem: it holds a private key, which is not wanted here`)
    expect(problem).not.toContain(server.key.slice(40, 80))
  })

  test.each([
    ['it holds something else', () => 'hello', 'it holds neither a certificate nor a public key in PEM'],
    [
      'a certificate is cut off',
      () => `${server.pem.slice(0, 400)}\n-----END CERTIFICATE-----`,
      'a certificate in it cannot be read',
    ],
    [
      'a public key is none',
      () => '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
      'the public key in it cannot be read',
    ],
  ])('%s', async (_, content, message) => {
    expect(await said(content())).toEqual([expect.stringContaining(`${at}a.pem: ${message}`)])
  })

  test('it is no CA, and its key is wanted as one', async () => {
    expect(await said(server.pem, ', usage: ta')).toEqual([
      expect.stringContaining('usage: ta wants certificates of CAs, and that of CN=mail.example.com is none'),
    ])
  })

  test('all of them at once, with the values that are wrong', async () => {
    const { problems } = await keysOf(
      `{ certificates: [a.pem, b.pem], records: [3 1 1 abcd, 5 1 1 ${'ab'.repeat(32)}] }`,
    )
    expect(problems).toHaveLength(4)
    expect(problems.join('\n')).toContain(
      'a hash of matching type 1 has 64 hexadecimal digits, not 4 (RFC 6698 §2.1.3)',
    )
  })
})

test('a certificate that is over: of a server a sign of an old file, of a CA an error', async () => {
  const files = { 'a.pem': server.pem, 'ca.pem': root.pem }
  const told_ = async (tlsa: string, today: string) => {
    const { spec: read } = await keysOf(tlsa, files)
    return read ? expiredCertificates(read, today).map(({ severity, message }) => `${severity}: ${message}`) : []
  }
  expect(await told_('{ certificates: [a.pem] }', '2026-06-30')).toEqual([])
  expect(await told_('{ certificates: [a.pem] }', '2026-07-01')).toEqual([
    'warning: the certificate was valid until 2026-06-30: has the server another one by now, with another key?',
  ])
  expect(await told_('{ certificates: [ca.pem], usage: ta }', '2026-07-01')).toEqual([
    'error: the certificate was valid until 2026-06-30: senders refuse what it issued',
  ])
})

describe('the intermediates of Let’s Encrypt', () => {
  const told = async (...names: string[]) => {
    const files = Object.fromEntries(names.map((name) => [`${name}.pem`, made(name, true).pem]))
    const { spec: read } = await keysOf(`{ certificates: [${Object.keys(files)}], usage: ta }`, files)
    if (!read) throw new Error('there is no spec')
    const { findings } = compile(read, [], new Map())
    return findings
      .filter(({ rule }) => rule === 'tlsa-issuers-missing')
      .map(({ severity, message }) => `${severity} ${message}`)
  }

  test('are all there, of the key type that signs', async () => {
    expect(await told('YR1', 'YR2', 'YR3')).toEqual([])
  })

  test('of which one is missing, are told by name', async () => {
    expect(await told('YE1')).toEqual([
      expect.stringMatching(/^warning .*may sign its next ECDSA certificate with YE2, YE3, whose key is not published/),
    ])
  })

  test('that sign no more are told', async () => {
    expect(await told('YR1', 'YR2', 'YR3', 'YR9')).toEqual([
      expect.stringMatching(/^note .*YR9 of Let’s Encrypt signs no certificates/),
    ])
  })
})
