import { expect, test } from 'vitest'
import { load } from './load.js'

const SPEC = {
  providers: { l: { class: 'yaml', directory: 'z' } },
  zones: { 'ex.test': { targets: ['l'], servers: ['192.0.2.53'] } },
  ownership: { owner: 'default' },
  hosts: {
    'mail.ex.test': {
      addresses: ['9.9.9.9'],
      egress: ['9.9.9.10'],
      reverse: 'auto',
      tlsa: { records: [`3 1 1 ${'0'.repeat(64)}`] },
      caa: { issue: ['letsencrypt.org'] },
    },
  },
  defaults: { ttl: 3600, dmarc: { rua: ['d@ex.test'] } },
  domains: {
    'ex.test': {
      mx: ['mail.ex.test', { host: 'b.ex.test', preference: 20 }],
      spf: {
        hosts: ['mail.ex.test'],
        include: ['_spf.ex.net'],
        addresses: ['9.9.9.0/24'],
        terms: ['exists:%{i}.ex.net'],
        redirect: '_spf.ex.net',
        exp: 'x.ex.net',
        flatten: ['a.ex.net'],
        all: 'fail',
      },
      dkim: {
        algorithms: ['rsa-2048'],
        selector: 's%Y%m',
        selectors: ['a', 'b'],
        zone: 'keys.ex.test',
        keys: { s1: { cname: 's1.ex.net' }, s2: { txt: 'v=DKIM1; p=AA==' }, s3: 'x' },
        rotate: { every: '180d' },
        recipients: ['age1'],
      },
      dmarc: { policy: 'reject', rua: ['d@ex.net'], ruf: ['mailto:a@b'], adkim: 'strict', fo: '1' },
      mta_sts: { mode: 'enforce', max_age: 604800, host: 'w.ex.test' },
      tls_rpt: { rua: ['t@ex.net'] },
      bimi: { l: 'https://ex.test/l.svg', logo: 'https://ex.test/l.svg' },
      clients: { host: 'mail.ex.test', services: ['imaps'] },
      relays: { google: { key: 'k' }, sendgrid: { target: 'x', return_path: 'em' } },
      caa: { issue: ['letsencrypt.org'], iodef: 'mailto:pki@ex.test' },
      ttl: { mx: 300 },
    },
    'cname.ex.test': { dmarc: { cname: '_dmarc.ex.net' }, spf: { include: ['a.b'] } },
    'parked.ex.test': { mail: 'none' },
  },
  parked: ['p.ex.test'],
}

const LONG = 3000
/** The most a message may have: a value or two that were cut, each character escaped, and words. */
const MOST = 1800

type Path = readonly (string | number)[]

function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Object.entries(value).flatMap(([key, one]) => placesOf(one, [...path, key]))
  return [path, ...inside].filter(({ length }) => length > 0)
}

/** The spec with another value at a place. */
function replaced([key = '', ...deeper]: Path, by: unknown, at: unknown = SPEC): unknown {
  const inner = (at as Record<string, unknown>)[key]
  const value = deeper.length === 0 ? by : replaced(deeper, by, inner)
  return Array.isArray(at) ? at.with(Number(key), value) : { ...(at as object), [key]: value }
}

const filled = (text: string): string => text.repeat(Math.ceil(LONG / text.length))
const LONG_TEXTS = [
  ...['ab.', '\u0001', 'https://ex.test/', 'a=b; '].map(filled),
  `v=spf1 include:${filled('a')} ~all`,
  `v=DMARC1; p=reject; rua=mailto:${filled('a')}@ex.test`,
  `v=DKIM1; ${filled('a')}=\u0001; k=rsa; p=${filled('!A')}`,
  `9.9.9.9/${filled('1')}`,
  `fail${filled('#')}`,
]

test.each(LONG_TEXTS)('what is wrong with a value however long is told without all of it: %.20s', async (text) => {
  const whole: string[] = []
  for (const path of placesOf(SPEC)) {
    const { problems } = await load(JSON.stringify(replaced(path, text)))
    for (const { rule, message, hint = '' } of problems)
      if (message.length > MOST || hint.length > MOST) whole.push(`${path.join('.')} ${rule}: ${message.slice(0, 60)}`)
  }
  expect(whole).toEqual([])
})

test('what a quoted value has more is counted, and a hint that would have all of it is left out', async () => {
  const long = 'a'.repeat(10_000)
  const { problems } = await load(`domains: { example.com: { mx: ${long} } }`)
  expect(problems.map(({ message, hint }) => [message, hint])).toContainEqual([
    `expected none or a list, found text "${long.slice(0, 99)}…" (9901 characters more)`,
    undefined,
  ])
})
