import { createHash, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as tick } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { parseRdata, type Tlsa } from '../../../records/rr/rdata.js'
import { presentedChain } from '../../../src/verify/ask/smtp/presented-chain.js'
import { daneMatch } from '../../../src/verify/ask/tls/dane-match.js'
import { startBind } from '../../servers/bind.js'
import type { DnsServer } from '../../servers/dns-server.js'
import {
  missingPostfix,
  type Postfix,
  type Resolver53,
  startPostfix,
  startResolver53,
} from '../../servers/mail/postfix.js'
import { testCa } from '../../servers/renewals.js'

const HOST = 'mail.dane.test'
/** What a server shows: whether its CA with it, and of what kind its own certificate is. */
const SERVERS = {
  whole: { days: 90, name: HOST, withCa: true },
  'without its CA': { days: 90, name: HOST, withCa: false },
  expired: { days: -1, name: HOST, withCa: true },
  'of another name': { days: 90, name: 'other.example', withCa: true },
} as const
type Shown = keyof typeof SERVERS
const [OWN, CA, WRONG] = ['own', 'ca', 'wrong'] as const

/** Records as `usage selector matching whose`, and the reason where senders deliver no mail. */
const CASES: readonly (readonly [Shown, string, string?])[] = [
  ['whole', `3 1 1 ${OWN}`],
  ['whole', `3 0 1 ${OWN}`],
  ['whole', `3 1 2 ${OWN}`],
  ['whole', `3 0 2 ${OWN}`],
  ['whole', `3 1 0 ${OWN}`],
  ['whole', `3 0 0 ${OWN}`],
  ['whole', `2 1 1 ${CA}`],
  ['whole', `2 0 2 ${CA}`],
  ['whole', `2 0 0 ${CA}`],
  ['whole', `2 1 0 ${CA}`],
  ['whole', `3 1 1 ${WRONG}`, 'none of its TLSA fits'],
  ['whole', `2 1 1 ${WRONG}`, 'none of its TLSA fits'],
  ['whole', `3 1 1 ${CA}`, 'usage 3 is that of its CA'],
  ['whole', `3 1 1 ${WRONG}, 2 1 1 ${CA}`],
  ['whole', `3 1 1 ${OWN}, 3 1 2 ${WRONG}`, 'none of its TLSA fits'],
  ['whole', `3 1 1 ${OWN}, 3 0 2 ${WRONG}`],
  ['without its CA', `3 1 1 ${OWN}`],
  ['without its CA', `2 1 1 ${CA}`, 'none of its TLSA fits'],
  ['without its CA', `2 0 0 ${CA}`],
  ['without its CA', `2 1 0 ${CA}`],
  ['expired', `3 1 1 ${OWN}`],
  ['expired', `2 1 1 ${CA}`, 'has expired'],
  ['of another name', `3 1 1 ${OWN}`],
  ['of another name', `2 0 1 ${CA}`, `is not for ${HOST}`],
]

const ZONE = 'dane.test.'
const missing = missingPostfix()
if (missing !== undefined) describe.skip(missing, () => test('DANE', () => {}))
else
  describe('senders with DANE: what we say of a real Postfix is what its own sender finds', () => {
    let folder: string
    let server: DnsServer
    let resolver: Resolver53
    const postfixes = new Map<Shown, Postfix>()
    const certificates = new Map<string, X509Certificate>()
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mailsync-dane-'))
      server = await startBind()
      const signed = `allow-update { key "${server.key.name}"; }; dnssec-policy default; inline-signing no; key-directory "${folder}";`
      await server.addZone(ZONE, 'mail 600 IN A 127.0.0.1\n', signed)
      for (const [shown, { days, name, withCa }] of Object.entries(SERVERS) as [Shown, (typeof SERVERS)[Shown]][]) {
        const [live, ca, file] = ['live', 'ca', 'pem'].map((kind) =>
          join(folder, `${shown.replaceAll(' ', '-')}.${kind}`),
        )
        await (await testCa(ca as string, name)).renew(live as string, { days })
        const [key = '', chain = ''] = await Promise.all(
          ['privkey.pem', 'fullchain.pem'].map((one) => readFile(join(live as string, one), 'utf8')),
        )
        const [own = '', above = ''] = chain.match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n/g) ?? []
        certificates.set(`${shown} ${OWN}`, new X509Certificate(own)).set(`${shown} ${CA}`, new X509Certificate(above))
        await writeFile(file as string, withCa ? key + own + above : key + own)
        postfixes.set(shown, await startPostfix(HOST, file as string))
      }
      while (!(await server.dig('+dnssec', HOST, 'A')).includes('RRSIG')) await tick(100)
      resolver = await startResolver53(ZONE, server)
    }, 120_000)
    afterAll(async () => {
      for (const postfix of postfixes.values()) await postfix.stop()
      await resolver?.stop()
      await server?.stop()
      await rm(folder, { recursive: true, force: true })
    })
    /** `3 1 1 own` as a record. */
    const recordOf = (shown: Shown, text: string): string => {
      const [usage, selector, matching, whose] = text.split(' ')
      const certificate = certificates.get(`${shown} ${whose}`)
      const octets =
        certificate === undefined
          ? Buffer.from(text)
          : selector === '0'
            ? certificate.raw
            : certificate.publicKey.export({ type: 'spki', format: 'der' })
      const digest = matching === '1' ? 'sha256' : 'sha512'
      const data = matching === '0' ? octets : createHash(digest).update(octets).digest()
      return `${usage} ${selector} ${matching} ${data.toString('hex')}`
    }

    test.each(CASES.map((one) => [`${one[0]}: ${one[1]}`, one] as const))('%s', async (_, [shown, texts, why]) => {
      const postfix = postfixes.get(shown) as Postfix
      const at = `_${postfix.port}._tcp.${HOST}.`
      const records = texts.split(', ').map((text) => recordOf(shown, text))
      const adds = records.map((record) => `update add ${at} 600 TLSA ${record}`)
      await server.nsupdate([`update delete ${at} TLSA`, ...adds].join('\n'))
      const chain = await presentedChain(
        `${HOST}.` as Name,
        '127.0.0.1',
        { at: (host) => ({ host, port: postfix.port }), timeout: 20_000, isNear: () => false },
        new AbortController().signal,
      )
      expect(chain).toHaveLength(SERVERS[shown].withCa ? 2 : 1)
      const rdata = records.map((record) => parseRdata('TLSA', record) as Tlsa)
      const found = daneMatch(rdata, { chain, name: HOST, now: new Date() })
      if (why === undefined) expect(found).toHaveProperty('match')
      else expect(found).toEqual({ why: expect.stringContaining(why) })
      const said = await postfix.finger(HOST, resolver)
      expect(said).toContain(
        why === undefined ? 'Verified TLS connection established' : 'TLS connection established to',
      )
      if (why !== undefined) expect(said).not.toContain('Verified')
    })
  })
