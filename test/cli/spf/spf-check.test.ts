import { afterEach, expect, test } from 'vitest'
import type { Zones } from '../../records/families/spf/zones.js'
import type { ScriptedDns } from '../../servers/scripted-dns.js'
import { startZonesDns } from '../../servers/zones-dns.js'
import { type Ran, runMain, type Workspace, workspace } from '../workspace.js'

const SPEC = `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] } }
hosts:
  mail.example.com: { addresses: [192.0.2.10, "2001:db8::10"], reverse: false }
  old.example.com: { addresses: [192.0.2.11], reverse: false }
domains:
  example.com:
    mx: [mail.example.com]
    spf: { hosts: [old.example.com], addresses: [198.51.100.0/24], include: [_spf.example.net] }
    dkim: false
  parked.example.com: { mail: none }
`
const LONG = `v=spf1 ${Array.from({ length: 20 }, (_, n) => `ip4:203.0.113.${n}`).join(' ')} ~all`
const ZONES: Zones = {
  'example.com': [
    'v=spf1 ip4:192.0.2.10 ip6:2001:db8::10 include:_spf.example.net exists:%{ir}.list.example.net -all exp=why.example.com',
  ],
  'why.example.com': ['%{i} is not ours'],
  '_spf.example.net': ['CNAME spf1.example.net'],
  'spf1.example.net': [LONG],
  'mail.example.com': ['v=spf1 a -all', 'A 192.0.2.10', 'AAAA 2001:db8::10'],
  'broken.example': ['failure'],
  'wrong.example': ['v=spf1 ip4:192.0.2.1 ipv4:192.0.2.2 -all'],
}

let space: Workspace | undefined
let dns: ScriptedDns | undefined
afterEach(async () => {
  await space?.remove()
  dns?.close()
  space = dns = undefined
})

async function check(args: readonly string[], zones: Zones = ZONES, spec?: string): Promise<Ran> {
  dns = await startZonesDns(zones)
  const line = ['spf', 'check', ...args, '--resolver', `${dns.host}:${dns.port}`]
  if (spec === undefined) return runMain(line)
  space = await workspace({ 'mailsync.yaml': spec })
  return space.run(line)
}

test('one sender: the result, and the tree with what each term costs', async () => {
  const { code, stdout, stderr } = await check(['example.com', '--ip', '192.0.2.99'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n')).toEqual([
    'example.com  192.0.2.99  fail  2 of 10 look-ups, 1 of 2 that find nothing',
    '  example.com  fail',
    '    ip4:192.0.2.10                 no match',
    '    ip6:2001:db8::10               no match',
    '    include:_spf.example.net       no match     1 look-up',
    '      _spf.example.net  softfail',
    '        ip4:203.0.113.0 … ip4:203.0.113.19 (20)  no match',
    '        ~all                                     match',
    '    exists:%{ir}.list.example.net  no match     1 look-up, 1 finding nothing  asked for 99.2.0.192.list.example.net',
    '    -all                           match',
    '    the explanation: 192.0.2.99 is not ours',
    '',
  ])
})

test('as JSON, one document', async () => {
  const { code, stdout } = await check([
    '--ip',
    '::ffff:192.0.2.10',
    '--mail-from',
    'joe@example.com',
    '--format',
    'json',
  ])
  const document = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(document).toMatchObject({
    format: 'mailsync-spf-check',
    domain: 'example.com',
    ip: '::ffff:192.0.2.10',
    mailFrom: 'joe@example.com',
    helo: null,
    result: 'pass',
    explanation: null,
    lookups: 0,
    voids: 0,
    tree: { domain: 'example.com', result: 'pass' },
  })
  expect(document.tree.terms[0]).toEqual({ term: 'ip4:192.0.2.10', outcome: 'match', lookups: 0, voids: 0 })
  expect(document.checks).toHaveLength(1)
})

test('a domain of the spec: every address that sends is checked, and one that does not pass is an error', async () => {
  const { code, stdout } = await check(['example.com'], ZONES, SPEC)
  expect(code).toBe(1)
  expect(stdout.match(/^\S.*$/gm)).toEqual([
    'example.com  192.0.2.10  (mail.example.com)  pass  0 of 10 look-ups, 0 of 2 that find nothing',
    'example.com  2001:db8::10  (mail.example.com)  pass  0 of 10 look-ups, 0 of 2 that find nothing',
    'example.com  192.0.2.11  (old.example.com)  fail  2 of 10 look-ups, 1 of 2 that find nothing',
    'example.com  198.51.100.0  (198.51.100.0/24)  fail  2 of 10 look-ups, 1 of 2 that find nothing',
  ])
  expect(stdout.match(/^ {2}example\.com {2}(?:pass|fail)$/gm)).toHaveLength(3)
})

test('every domain of the spec that sends, where none is named, the worst result first in JSON', async () => {
  const { code, stdout } = await check(['--format', 'json'], ZONES, SPEC)
  const document = JSON.parse(stdout)
  expect(code).toBe(1)
  expect(document).toMatchObject({ result: 'fail', ip: '192.0.2.11', explanation: '192.0.2.11 is not ours' })
  expect(document.checks.map(({ ip, result }: { ip: string; result: string }) => `${ip} ${result}`)).toEqual([
    '192.0.2.10 pass',
    '2001:db8::10 pass',
    '192.0.2.11 fail',
    '198.51.100.0 fail',
  ])
})

test('a host of the spec: its name in HELO', async () => {
  const { code, stdout } = await check(['mail.example.com'], ZONES, SPEC)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^mail\.example\.com {2}192\.0\.2\.10 {2}\(mail\.example\.com\) {2}pass {2}1 of 10 look-ups/)
})

test('the HELO name alone', async () => {
  const { stdout } = await check(['--ip', '192.0.2.10', '--helo', 'mail.example.com'])
  expect(stdout).toMatch(/^mail\.example\.com {2}192\.0\.2\.10 {2}pass/)
})

test.each([
  ['broken.example', 'temperror: TXT of broken.example could not be looked up: the resolver .* answers SERVFAIL'],
  ['wrong.example', 'permerror: "ipv4:192.0.2.2": RFC 7208 knows no such term \\(RFC 7208 §4.6.1\\)'],
])('%s cannot be evaluated: that is an error', async (domain, why) => {
  const { code, stdout } = await check([domain, '--ip', '192.0.2.1'])
  expect(code).toBe(1)
  expect(stdout).toMatch(new RegExp(why))
})

test.each([
  [['example.com', '--ip', 'mail.example.com'], '--ip mail.example.com: that is no IP address'],
  [['--ip', '192.0.2.1'], 'whose SPF is to be checked is missing'],
  [['a b', '--ip', '192.0.2.1'], '"a b" has white space in it'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await check(args)
  expect(code).toBe(1)
  expect(stderr).toContain(message)
})

test('a domain that is not in the spec wants an address', async () => {
  const { code, stderr } = await check(['exampel.com'], ZONES, SPEC)
  expect(code).toBe(1)
  expect(stderr).toContain('exampel.com is no domain or host of the spec, so it has no senders to check')
  expect(stderr).toContain('did you mean example.com?')
})

test('spf alone, and with another word, says what there is', async () => {
  expect((await runMain(['spf'])).stderr).toContain('say check or refresh')
  expect((await runMain(['spf', 'chek'])).stderr).toContain('did you mean check?')
})
