import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import type { Mail } from './mail.js'
import { type Receivers, startReceivers, tellMissingReceivers } from './receivers.js'

/** A spec, of a domain that is `{domain}`; what is done to DNS behind its back; and what `--prove` says, mailing by mailing. */
interface SpecVariant {
  readonly name: string
  /** Of the domain. */
  readonly parts: string
  /** More domains. */
  readonly more?: string
  readonly mail?: string
  /** Lines of nsupdate, once the spec is applied. */
  readonly broken?: readonly string[]
  /** The domain below `{domain}`, its address, and SPF, DKIM and DMARC of the message. */
  readonly proven: readonly string[]
}

const MX = 'mx: [mail.{domain}]'
const DKIM = 'dkim: { algorithms: [rsa-2048] }'
const SOUND = ['192.0.2.10 pass pass pass', '2001:db8::10 pass pass pass']
const both = (results: string): readonly string[] => [`192.0.2.10 ${results}`, `2001:db8::10 ${results}`]
const VARIANTS: readonly SpecVariant[] = [
  { name: 'a host for all, with a key', parts: `${MX}, ${DKIM}`, proven: SOUND },
  { name: 'without its key, which still signs', parts: `${MX}, dkim: false`, proven: both('pass fail pass') },
  { name: 'without DMARC', parts: `${MX}, ${DKIM}, dmarc: false`, proven: both('pass pass none') },
  {
    name: 'an address that is no host, beside one',
    parts: `${MX}, ${DKIM}, spf: { addresses: [198.51.100.0/28] }`,
    proven: [...SOUND, '198.51.100.0 pass pass pass'],
  },
  {
    name: 'a relay by its include, which does not sign',
    parts: `${MX}, ${DKIM}, spf: { include: [_spf.relay.example] }`,
    proven: [...SOUND, '203.0.113.0 pass none pass'],
  },
  {
    name: 'the policy of the domain above, and strict alignment',
    parts: `${MX}, ${DKIM}, dmarc: { policy: reject, aspf: strict, adkim: strict }`,
    more: `news.{domain}: { ${MX}, ${DKIM}, dmarc: false }`,
    proven: [...SOUND, ...SOUND.map((one) => `news. ${one}`)],
  },
  {
    name: 'another SPF was written beside it by hand',
    parts: `${MX}, ${DKIM}`,
    broken: ['update add {domain} 300 TXT "v=spf1 -all"'],
    proven: both('permerror pass pass'),
  },
  {
    name: 'the key was taken away by hand, and the host from SPF',
    parts: `${MX}, ${DKIM}`,
    broken: [
      'update delete s202611._domainkey.{domain} TXT',
      'update delete {domain} TXT',
      'update add {domain} 300 TXT "v=spf1 a:none.{domain} ~all"',
    ],
    proven: both('softfail fail fail'),
  },
  {
    name: 'the policy was taken away by hand',
    parts: `${MX}, ${DKIM}`,
    broken: ['update delete _dmarc.{domain} TXT'],
    proven: both('pass pass none'),
  },
]

tellMissingReceivers()

onBind(
  'real receivers judge what a spec is applied to as plan --prove did before',
  (server) => {
    let receivers: Receivers
    let space: Workspace
    let now = Date.parse('2026-11-27T12:00:00Z') / 1000
    beforeAll(async () => {
      await server.addZone('relay.example.', [
        { type: 'TXT', name: '_spf.relay.example.' as Name, ttl: 300, rdata: ['v=spf1 ip4:203.0.113.0/26 -all'] },
      ])
      receivers = await startReceivers('example', server)
    }, 60_000)
    afterAll(async () => {
      await receivers?.stop()
    })
    afterEach(() => space.remove())
    const run = (...args: string[]) =>
      space.run([...args, '--resolver', `${server.host}:${server.port}`], {
        env: { TSIG_SECRET: server.key.secret },
        now: () => now,
      })
    const specOf = ({ parts, more = '' }: SpecVariant, domain: string): string => {
      const { host, port, key } = server
      return `
providers: { dns: ${rfc2136Options({ host, port, key })} }
zones: { ${domain}.: { targets: [dns] } }
defaults: { ttl: 300, dmarc: { policy: reject } }
hosts: { mail.${domain}: { addresses: [192.0.2.10, '2001:db8::10'] } }
domains:
  ${domain}: { ${parts} }
  ${more}
`.replaceAll('{domain}', domain)
    }
    interface Row {
      readonly domain: string
      readonly address: string
      readonly of: string
      readonly now: Verdicts
      readonly after: Verdicts
    }
    type Verdicts = Readonly<Record<'spf' | 'dkim' | 'dmarc', { readonly result: string }>>
    const rows = async (): Promise<readonly Row[]> => {
      const { stdout } = await run('plan', '--prove', '--format', 'json')
      return JSON.parse(stdout).proof.rows
    }
    const told = (row: Row, when: 'now' | 'after', domain: string): string => {
      const { spf, dkim, dmarc } = row[when]
      const below = row.domain.slice(0, -`${domain}.`.length)
      return `${below === '' ? '' : `${below} `}${row.address} ${spf.result} ${dkim.result} ${dmarc.result}`
    }
    const keysSign = async (...domains: string[]): Promise<void> => {
      now += 600
      await run('dkim', 'rotate')
      now += 600
      for (const domain of domains)
        expect(await run('dkim', 'use', domain, 's202611', '--force')).toMatchObject({ code: 0 })
    }
    /** What a row of a proof is about, signed where its DKIM says so. */
    const mailOf = async ({ domain: name, address: ip, of }: Row, isSigned: boolean): Promise<Mail> => {
      const domain = name.slice(0, -1)
      const from = `postmaster@${domain}`
      const date = new Date('2026-11-27T12:00:00Z')
      const text = `From: ${from}\r\nTo: you@example.net\r\nSubject: hello\r\nDate: ${date.toUTCString()}\r\nMessage-ID: <1@${domain}>\r\n\r\nHello\r\n`
      const mail = { domain, publicKey: '', from, ip, helo: of.startsWith('mail.') ? of : domain }
      if (!isSigned) return { ...mail, text }
      const folder = space.path(`keys/${domain}`)
      const [file = ''] = (await readdir(folder)).filter((one) => one.endsWith('.pem'))
      const privateKey = await readFile(join(folder, file), 'utf8')
      const signing = { signingDomain: domain, selector: file.replace('.pem', ''), privateKey }
      const { signatures, errors } = await dkimSign(text, { signTime: date, signatureData: [signing] })
      if (errors[0]) throw errors[0].err
      return { ...mail, text: signatures + text }
    }

    test.each(VARIANTS.map((variant, index) => [variant.name, variant, `s${index}.example`] as const))(
      '%s',
      async (_, variant, domain) => {
        await server.addZone(`${domain}.`, [])
        const sound = { ...variant, parts: `${MX}, ${DKIM}` }
        space = await workspace({ 'mailsync.yaml': specOf(sound, domain) })
        expect(await space.run(['dkim', 'generate'], { today: '2026-11-27' })).toMatchObject({ code: 0 })
        expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
        await keysSign(domain, ...(variant.more === undefined ? [] : [`news.${domain}`]))
        await space.write('mailsync.yaml', specOf(variant, domain))
        const planned = await rows()
        expect(await run('apply', '--yes', '--force')).toMatchObject({ code: 0 })
        const broken = (variant.broken ?? []).map((line) => line.replaceAll('{domain}', domain))
        for (const line of broken) await server.nsupdate(line)
        if (broken.length === 0)
          expect(planned.map((row) => told(row, 'after', domain)).sort()).toEqual([...variant.proven].sort())
        const served = await rows()
        expect(served.map((row) => told(row, 'now', domain)).sort()).toEqual([...variant.proven].sort())
        for (const row of served) {
          const { spf, dkim, dmarc } = row.now
          const mail = await mailOf(row, dkim.result !== 'none')
          const wanted = { spf: spf.result, dkim: dkim.result === 'pass' ? 'pass' : 'fail', dmarc: dmarc.result }
          for (const [who, receiver] of receivers.all) {
            const seen = await receiver.receive(mail)
            // Of two SPF rspamd takes the one that comes first (differences.ts).
            const isLeft = who === 'rspamd' && spf.result === 'permerror'
            expect({ who, ...seen }).toEqual({ who, ...wanted, ...(isLeft && { spf: seen.spf }) })
          }
        }
      },
    )
  },
  { recursion: true, zones: { '.': '', 'example.': '', 'arpa.': '' } },
)
