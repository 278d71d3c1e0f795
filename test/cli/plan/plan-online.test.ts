import { afterEach, expect, test } from 'vitest'
import type { Zones } from '../../records/families/spf/zones.js'
import { replyTo, type ScriptedDns, startScriptedDns } from '../../servers/scripted-dns.js'
import { startZonesDns } from '../../servers/zones-dns.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const spec = (spf: string) => `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] } }
domains:
  example.com: { spf: ${spf}, dkim: false, dmarc: false }
  own.example.com: { spf: { addresses: [192.0.2.1] }, dkim: false, dmarc: false }
`
const OTHERS: Zones = {
  '_spf.example.net': ['v=spf1 include:_a.example.net include:_b.example.net ~all'],
  '_a.example.net': ['v=spf1 ip4:198.51.100.0/24 ~all'],
  '_b.example.net': ['v=spf1 a:gone.example.net ip6:2001:db8::/32 ~all'],
  'relay.example': ['v=spf1 a:mail.relay.example -all'],
  'mail.relay.example': ['A 198.51.100.1'],
  'text.example': ['hello'],
  'loop.example': ['v=spf1 include:loop2.example -all'],
  'loop2.example': ['v=spf1 redirect=loop.example'],
  'wrong.example': ['v=spf1 ipv4:192.0.2.1 -all'],
  'many.example': [`v=spf1 ${Array.from({ length: 9 }, (_, n) => `a:h${n}.example`).join(' ')} -all`],
  ...Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`h${n}.example`, ['A 198.51.100.9']])),
  'silent.example': ['failure'],
  'nested.example': ['v=spf1 include:text.example -all'],
}

let space: Workspace
let dns: ScriptedDns | undefined
afterEach(async () => {
  await space.remove()
  dns?.close()
  dns = undefined
})

async function plan(spf: string, ...args: string[]): Promise<Ran> {
  dns = await startZonesDns(OTHERS)
  space = await workspace({ 'mailsync.yaml': spec(spf), 'zones/example.com.yaml': '---\n{}\n' })
  return space.run(['plan', '--resolver', `${dns.host}:${dns.port}`, ...args])
}

test('the budget of every domain: what others cost is asked for', async () => {
  const { code, stdout } = await plan('{ include: [_spf.example.net, relay.example, own.example.com] }', '--online')
  expect(code).toBe(0)
  expect(stdout).toContain(`SPF look-ups
  example.com  spf 7/10 look-ups: _spf.example.net 4, own.example.com 1, relay.example 2; 1/2 find nothing
  own.example.com  spf 0/10 look-ups
`)
  expect(dns?.queries.map(({ name }) => name)).not.toContain('own.example.com')
})

test('as JSON', async () => {
  const { stdout } = await plan('{ include: [relay.example] }', '--online', '--format', 'json')
  expect(JSON.parse(stdout).spf).toEqual([
    {
      domain: 'example.com.',
      lookups: 2,
      voids: 0,
      terms: [{ term: 'include:relay.example', lookups: 2, voids: 0 }],
      unknown: [],
    },
    { domain: 'own.example.com.', lookups: 0, voids: 0, terms: [], unknown: [] },
  ])
})

test('offline nobody is asked; with --verbose what is not known is said', async () => {
  const quiet = await plan('{ include: [relay.example] }')
  expect(quiet.stdout).not.toContain('SPF look-ups')
  expect(dns?.queries).toEqual([])
  const { stdout } = await space.run(['plan', '--verbose'])
  expect(stdout).toContain('example.com  spf at least 1/10 look-ups: relay.example 1; not known: relay.example\n')
})

test('what cannot be asked now is not known, and no error', async () => {
  const { code, stdout } = await plan('{ include: [silent.example, "%{d}._spf.example.net"] }', '--online')
  expect(code).toBe(0)
  expect(stdout).toMatch(/example\.com {2}spf at least 2\/10 look-ups: .*; not known: .*silent\.example/)
})

test.each([
  [
    'text.example',
    'spf-include-without-spf',
    'the SPF of example.com includes text.example, which has no SPF: receivers answer permerror (RFC 7208 §5.2)',
  ],
  [
    'gone.example',
    'spf-include-without-spf',
    'the SPF of example.com includes gone.example, which has no SPF: receivers answer permerror (RFC 7208 §5.2)',
  ],
  [
    'nested.example',
    'spf-include-without-spf',
    'the SPF of example.com includes nested.example, which includes text.example, which has no SPF: receivers answer permerror (RFC 7208 §5.2)',
  ],
  [
    'wrong.example',
    'spf-include-without-spf',
    'which has an SPF that is wrong: "ipv4:192.0.2.1": RFC 7208 knows no such term (RFC 7208 §4.6.1)',
  ],
  [
    'loop.example',
    'spf-include-loop',
    'the SPF of example.com comes to loop.example, which includes loop2.example, which includes it again: receivers answer permerror (RFC 7208 §4.6.4)',
  ],
])('an include of %s is an error at its place', async (included, rule, message) => {
  const { code, stdout } = await plan(`{ include: [relay.example, ${included}] }`, '--online')
  expect(code).toBe(1)
  expect(stdout).toContain(rule)
  expect(stdout.replace(/\s+/g, ' ')).toContain(message)
  expect(stdout).toMatch(/mailsync\.yaml:4:50/)
})

test('what receivers cannot evaluate is shown as a tree, down to where it goes wrong', async () => {
  const { stdout } = await plan('{ include: [_spf.example.net, nested.example, many.example] }', '--online')
  expect(stdout).toContain(`
  example.com  spf 16/10 look-ups: _spf.example.net 4, many.example 10, nested.example 2; 1/2 find nothing
    include:_spf.example.net  4, 1 finding nothing
      include:_a.example.net  1
      include:_b.example.net  2, 1 finding nothing
        a:gone.example.net  1, 1 finding nothing
    include:many.example  10
      a:h0.example  1
`)
  expect(stdout).toContain(`
    include:nested.example  2
      include:text.example  1, has no SPF
`)
  const { stdout: json } = await space.run([
    'plan',
    '--online',
    '--resolver',
    `${dns?.host}:${dns?.port}`,
    '--format',
    'json',
  ])
  expect(JSON.parse(json).spf[0].terms[2]).toEqual({
    term: 'include:nested.example',
    lookups: 2,
    voids: 0,
    terms: [{ term: 'include:text.example', lookups: 1, voids: 0, why: 'has no SPF' }],
  })
})

test('more than ten look-ups, and more than two that find nothing', async () => {
  const over = await plan('{ include: [many.example, relay.example] }', '--online')
  expect(over.code).toBe(1)
  expect(over.stdout.replace(/\s+/g, ' ')).toContain(
    'the SPF of example.com needs at least 12 DNS look-ups (include:many.example 10, include:relay.example 2), and receivers stop at 10 (RFC 7208 §4.6.4)',
  )
  dns?.close()
  await space.remove()
  const voids = await plan('{ terms: ["a:x.example", "mx:y.example", "exists:z.example"] }', '--online')
  expect(voids.code).toBe(1)
  expect(voids.stdout.replace(/\s+/g, ' ')).toContain(
    'the SPF of example.com has 3 look-ups that find nothing, and receivers stop after 2 (RFC 7208 §4.6.4)',
  )
})

test('of a zone with TLSA: whether its parent has a DS for it', async () => {
  const config = `providers: { local: { class: yaml, directory: ./zones } }
zones: { signed.example.: { targets: [local] }, plain.example.: { targets: [local] }, silent.example.: { targets: [local] } }
hosts:
${['signed', 'plain', 'silent'].map((name) => `  mail.${name}.example: { addresses: [9.9.9.9], reverse: false, tlsa: [3 1 1 ${'ab'.repeat(32)}, 3 1 1 ${'cd'.repeat(32)}] }\n`).join('')}domains: { plain.example: { mx: [mail.plain.example, mail.signed.example, mail.silent.example], dkim: false, dmarc: false } }
`
  dns = await startScriptedDns((query) =>
    query.name === 'silent.example'
      ? replyTo(query, { rcode: 2 })
      : replyTo(query, {
          answers:
            query.name === 'signed.example' && query.type === 'DS'
              ? [
                  {
                    type: 'DS',
                    name: query.name,
                    ttl: 60,
                    data: { keyTag: 1, algorithm: 13, digestType: 2, digest: Buffer.alloc(32) },
                  },
                ]
              : [],
        }),
  )
  const zones = ['signed', 'plain', 'silent'].map((name) => [`zones/${name}.example.yaml`, '---\n{}\n'])
  space = await workspace({ 'mailsync.yaml': config, ...Object.fromEntries(zones) })
  const problems = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await space.run(['plan', '--format', 'json', ...args])
    const found: { rule: string; zone?: string }[] = JSON.parse(stdout).problems
    return found
      .filter(({ rule }) => rule.startsWith('tlsa'))
      .map(({ rule, zone }) => `${rule} ${zone}`)
      .sort()
  }
  expect(await problems()).toEqual([
    'tlsa-dnssec-unknown plain.example.',
    'tlsa-dnssec-unknown signed.example.',
    'tlsa-dnssec-unknown silent.example.',
  ])
  expect(await problems('--online', '--resolver', `${dns.host}:${dns.port}`)).toEqual([
    'tlsa-dnssec-unknown silent.example.',
    'tlsa-zone-unsigned plain.example.',
  ])
})
