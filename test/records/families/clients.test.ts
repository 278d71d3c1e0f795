import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clients } from '../../../records/families/clients/clients.js'
import { clientDocuments } from '../../../records/families/clients/documents.js'
import { compiled, serving } from '../compile/compiled.js'

const domain = (more: string) =>
  `${serving('example.com')}domains: { example.com: { dmarc: false, clients: ${more} } }\n`
const recordsOf = async (more: string): Promise<string[]> =>
  (await compiled(domain(more))).records('clients').map((line) => line.replaceAll('.example.com.', ''))

describe('what a domain offers', () => {
  test('becomes SRV at the usual ports; of what it does not offer, that is said', async () => {
    const off = ', autoconfig: false, autodiscover: false, pacc: false'
    expect(await recordsOf(`{ host: mail.example.com, services: [imaps, submissions]${off} }`)).toEqual([
      '_imap._tcp SRV 0 0 0 .',
      '_imaps._tcp SRV 0 1 993 mail',
      '_pop3._tcp SRV 0 0 0 .',
      '_pop3s._tcp SRV 0 0 0 .',
      '_submission._tcp SRV 0 0 0 .',
      '_submissions._tcp SRV 0 1 465 mail',
    ])
    expect(await recordsOf(`{ host: mail.example.com, services: [submission, jmap, sieve]${off} }`)).toEqual([
      '_jmap._tcp SRV 0 1 443 mail',
      '_sieve._tcp SRV 0 1 4190 mail',
      '_submission._tcp SRV 0 1 587 mail',
      '_submissions._tcp SRV 0 0 0 .',
    ])
  })

  test('may be elsewhere, at several hosts, and nothing need be denied', async () => {
    const services =
      '[{ service: imaps, port: 1993 }, { service: imaps, host: b.example.com, priority: 10, weight: 5 }]'
    expect(
      await recordsOf(
        `{ host: a.example.com, services: ${services}, not_offered: [], autoconfig: false, autodiscover: false, pacc: false }`,
      ),
    ).toEqual(['_imaps._tcp SRV 0 1 1993 a', '_imaps._tcp SRV 10 5 993 b'])
  })

  test('leads to documents at the host, or at another', async () => {
    const at = async (more: string) =>
      (await recordsOf(`{ host: mail.example.com, services: [imaps], not_offered: []${more} }`)).filter(
        (line) => !line.startsWith('_imaps'),
      )
    expect(await at('')).toEqual([
      expect.stringMatching(/^_ua-auto-config TXT v=UAAC1; a=sha256; d=.{43}=$/),
      'autoconfig CNAME mail',
      'autodiscover CNAME mail',
      'ua-auto-config CNAME mail',
    ])
    expect(await at(', web: web.example.com, pacc: false, autodiscover: srv')).toEqual([
      '_autodiscover._tcp SRV 0 0 443 web',
      'autoconfig CNAME web',
    ])
  })

  test('nothing: only what leads to the servers of others', async () => {
    expect(await recordsOf('{ autodiscover: { cname: autodiscover.outlook.com, srv: a.example.com } }')).toEqual([
      '_autodiscover._tcp SRV 0 0 443 a',
      'autodiscover CNAME autodiscover.outlook.com.',
    ])
  })
})

test('PACC is left out where it cannot say a port, and the digest is that of the document', async () => {
  expect(await recordsOf('{ host: mail.example.com, services: [{ service: imaps, port: 1993 }] }')).not.toContainEqual(
    expect.stringContaining('ua-auto-config'),
  )
  const { input, records } = await compiled(
    domain(
      '{ host: mail.example.com, services: [imaps, submissions, { service: jmap, host: j.example.com, port: 8443 }] }',
    ),
  )
  const [example] = input.domains
  const documents = example ? clientDocuments(example) : []
  const pacc = documents.find(({ host }) => host === 'ua-auto-config.example.com.')
  expect(JSON.parse(pacc?.text ?? '')).toEqual({
    protocols: {
      imap: { host: 'mail.example.com' },
      smtp: { host: 'mail.example.com' },
      jmap: { url: 'https://j.example.com:8443/.well-known/jmap' },
    },
    authentication: { password: true },
    info: { provider: { name: 'example.com', shortName: 'example.com' } },
  })
  const digest = createHash('sha256')
    .update(pacc?.text ?? '')
    .digest('base64')
  expect(records('TXT')).toContain(`_ua-auto-config.example.com. TXT v=UAAC1; a=sha256; d=${digest}`)
})

test('defaults are for domains that receive mail', async () => {
  const { records } = await compiled(`${serving('example.com')}
defaults: { dmarc: false, clients: { host: mail.example.com, services: [imaps], pacc: false } }
domains:
  example.com: { mx: [mail.example.com] }
  news.example.com: { spf: { addresses: [9.9.9.9] }, dkim: false }
  parked.example.com: { mail: none }
  off.example.com: { mx: [mail.example.com], clients: false }
`)
  const names = new Set(records('clients').map((line) => line.split(' ')[0]))
  expect([...names].filter((name) => name?.startsWith('_imaps'))).toEqual(['_imaps._tcp.example.com.'])
})

describe('records that lead clients', () => {
  test.each([
    ['0 0 0 .', '0 1 993 .'],
    ['0 1 993 Mail.example.com.', '0 1 993 mail.example.com.'],
    [
      'v=UAAC1;a=sha256;d=MOA19C2fw1LnfpriQEArPk+FRkxoE7UVaunADBmu7G8=',
      'v=UAAC1; a=sha256; d=MOA19C2fw1LnfpriQEArPk+FRkxoE7UVaunADBmu7G8=;',
    ],
  ])('%s and %s mean the same', (a, b) => {
    expect(clients.same(a, b)).toBe(true)
  })

  test.each([
    ['0 1 993', 'RFC 2782'],
    ['0 1 70000 mail.example.com.', 'RFC 2782'],
    ['mail example', 'RFC 1035 §3.3.1'],
    ['v=UAAC2; a=sha256; d=MOA19C2fw1LnfpriQEArPk+FRkxoE7UVaunADBmu7G8=', 'draft-ietf-mailmaint-pacc-04'],
    ['v=UAAC1; a=sha1; d=MOA19C2fw1LnfpriQEArPk+FRkxoE7UVaunADBmu7G8=', 'draft-ietf-mailmaint-pacc-04'],
    ['v=UAAC1; a=sha256; d=abc', 'draft-ietf-mailmaint-pacc-04'],
  ])('%s is wrong, and %s says so', (text, section) => {
    expect(clients.read(text)).toMatchObject({ value: undefined, faults: [{ section }] })
  })

  test('are read as they were written', () => {
    const number = fc.nat(65_535)
    const target = fc.constantFrom('.', 'mail.example.com.', 'xn--bcher-kva.example.')
    fc.assert(
      fc.property(number, number, number, target, (priority, weight, port, name) => {
        const text = `${priority} ${weight} ${port} ${name}`
        const { value } = clients.read(text)
        expect(value && clients.write(value)).toBe(text)
      }),
    )
  })
})
