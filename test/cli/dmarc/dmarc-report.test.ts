import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { mailWith } from '../../dmarc/reports/mail-with.js'
import { type RecordParts, reportXml } from '../../dmarc/reports/report-xml.js'
import { zipOf } from '../../dmarc/reports/zip-of.js'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

const SPEC = `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] } }
hosts:
  mail.example.com: { addresses: [192.0.2.10, "2001:db8::10"], egress: [192.0.2.99], reverse: false }
  app.example.com: { addresses: [198.51.100.7], reverse: false }
domains:
  example.com:
    mx: [mail.example.com]
    spf: { addresses: [198.51.100.128/25] }
    relays: { postmark: { key: "k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB", selector: 20261101120000pm } }
    dkim: { keys: { s1: { cname: s1.keys.example.net } } }
  news.example.com: { spf: { hosts: [app.example.com] }, dkim: false }
  parked.example.com: { mail: none }
`

let space: Workspace | undefined
afterEach(async () => {
  await space?.remove()
  space = undefined
})

interface Told {
  readonly kind: string
  readonly who: string
  readonly messages: number
  readonly advice: readonly {
    readonly message: string
    readonly hint: string | null
    readonly where: { readonly line: number } | null
  }[]
  readonly snippet: string | null
}

/** What is said of one record, the only one of a report. */
async function judged(record: RecordParts, domain = 'example.com'): Promise<Told> {
  space = await workspace({ 'mailsync.yaml': SPEC, 'reports/1.xml': reportXml({ domain, records: [record] }) })
  const { code, stdout, stderr } = await space.run(['dmarc', 'report', space.path('reports'), '--format', 'json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout).domains[0].sources[0]
}

test.each<[string, RecordParts, string, string]>([
  ['a host of the spec', { ip: '2001:db8:0:0::10' }, 'ours', 'mail.example.com'],
  ['an address it sends from behind NAT', { ip: '192.0.2.99' }, 'ours', 'mail.example.com'],
  ['an address of spf.addresses', { ip: '198.51.100.200', dkim: 'fail' }, 'ours', '198.51.100.200 (spf.addresses)'],
  [
    'a relay of the spec, by its key and its bounces',
    {
      ip: '203.0.113.1',
      spf: 'fail',
      signatures: ['example.com 20261101120000pm pass'],
      envelope: 'pm.mtasv.net pass',
    },
    'ours',
    'Postmark',
  ],
  [
    'a relay of the spec, whose own signature is all it has',
    {
      ip: '203.0.113.1',
      dkim: 'fail',
      spf: 'fail',
      signatures: ['pm.mtasv.net 2013 pass'],
      envelope: 'pm.mtasv.net pass',
    },
    'failing',
    'Postmark',
  ],
  [
    'mail of a relay that somebody forwarded',
    {
      ip: '203.0.113.1',
      spf: 'fail',
      signatures: ['example.com 20261101120000pm pass'],
      envelope: 'alumni.example pass',
    },
    'forwarded',
    'alumni.example',
  ],
  [
    'a key of others, at an unknown place',
    { ip: '203.0.113.1', spf: 'fail', envelope: 'x.example fail' },
    'ours',
    'signed with s1, a key of others',
  ],
  [
    'a signature that holds, and no selector',
    { ip: '203.0.113.1', spf: 'fail', signatures: ['example.com  pass'], envelope: 'fwd.example pass' },
    'forwarded',
    'fwd.example',
  ],
  [
    'what the receiver knows as a forwarder',
    { ip: '203.0.113.1', dkim: 'fail', spf: 'fail', reason: 'trusted_forwarder' },
    'forwarded',
    '203.0.113.1',
  ],
  [
    'what the receiver knows as a list',
    { ip: '203.0.113.1', dkim: 'fail', spf: 'fail', reason: 'mailing_list', envelope: 'lists.example pass' },
    'list',
    'lists.example',
  ],
  [
    'a list that no receiver knows',
    {
      ip: '203.0.113.1',
      dkim: 'fail',
      spf: 'fail',
      signatures: ['example.com s1 fail', 'lists.example l pass'],
      envelope: 'lists.example pass',
    },
    'list',
    'lists.example',
  ],
  [
    'our signature, broken, and nothing else',
    {
      ip: '203.0.113.1',
      dkim: 'fail',
      spf: 'fail',
      signatures: ['example.com s1 fail'],
      envelope: 'spam.example fail',
    },
    'stranger',
    '203.0.113.1',
  ],
  [
    'a stranger',
    { ip: '203.0.113.1', dkim: 'fail', spf: 'fail', envelope: 'spam.example pass' },
    'stranger',
    '203.0.113.1',
  ],
  [
    'an account at Gmail',
    {
      ip: '203.0.113.1',
      dkim: 'fail',
      spf: 'fail',
      signatures: ['gmail.com 20230601 pass'],
      envelope: 'gmail.com pass',
    },
    'stranger',
    '203.0.113.1',
  ],
  [
    'Google Workspace, which names the domain',
    {
      ip: '203.0.113.1',
      dkim: 'fail',
      spf: 'fail',
      signatures: ['example-com.20230601.gappssmtp.com 20230601 pass'],
      envelope: 'gmail.com pass',
    },
    'unlisted',
    'Google Workspace',
  ],
  [
    'Google Workspace of somebody else',
    {
      ip: '203.0.113.1',
      dkim: 'fail',
      spf: 'fail',
      signatures: ['other-org.20230601.gappssmtp.com 20230601 pass'],
      envelope: 'other.org pass',
    },
    'stranger',
    '203.0.113.1',
  ],
  [
    'a relay that is not in the spec',
    {
      ip: '203.0.113.1',
      dkim: 'fail',
      spf: 'fail',
      signatures: ['amazonses.com x pass'],
      envelope: 'eu-west-1.amazonses.com pass',
    },
    'unlisted',
    'Amazon SES',
  ],
  [
    'a name that only ends as one of a relay',
    { ip: '203.0.113.1', dkim: 'fail', spf: 'fail', envelope: 'notsendgrid.net pass' },
    'stranger',
    '203.0.113.1',
  ],
  [
    'a relay that is named and does not pass',
    { ip: '203.0.113.1', dkim: 'fail', spf: 'fail', envelope: 'sendgrid.net fail' },
    'stranger',
    '203.0.113.1',
  ],
  [
    'a key in DNS that the spec does not have',
    { ip: '203.0.113.1', spf: 'fail', signatures: ['example.com k9 pass'], envelope: 'x.example pass' },
    'unlisted',
    'signs with k9',
  ],
])('%s', async (_, record, kind, who) => {
  expect(await judged(record)).toMatchObject({ kind, who })
})

test.each<[string, RecordParts, readonly [message: string, line: number][]]>([
  [
    'SPF that does not name the host, and no signature',
    { ip: '198.51.100.7', dkim: 'fail', spf: 'fail', envelope: 'example.com softfail' },
    [
      ['SPF of example.com does not name app.example.com', 9],
      ['it does not sign with DKIM', 11],
    ],
  ],
  [
    'an envelope of somebody else',
    { ip: '192.0.2.10', spf: 'fail', envelope: 'bounces.example.net pass' },
    [['the envelope is of bounces.example.net, so SPF is not aligned with example.com', 4]],
  ],
  [
    'a bounce, which has no envelope',
    { ip: '192.0.2.10', dkim: 'fail', spf: 'fail', envelope: 'mail.example.com pass' },
    [
      ['SPF is that of its HELO name mail.example.com: the envelope has no sender, as in a bounce', 4],
      ['it does not sign with DKIM', 11],
    ],
  ],
  [
    'SPF that should pass by the spec',
    { ip: '192.0.2.10', spf: 'fail', envelope: 'example.com permerror' },
    [['the spec lets 192.0.2.10 send for example.com, and receivers found SPF permerror', 9]],
  ],
  [
    'a signature with a key nobody knows',
    { ip: '192.0.2.10', dkim: 'fail', signatures: ['example.com old fail'] },
    [['it signs with old._domainkey.example.com, which is no key of the spec (DKIM fail)', 11]],
  ],
  [
    'a signature that does not hold',
    { ip: '192.0.2.10', dkim: 'fail', signatures: ['example.com s1 fail'] },
    [
      [
        'its signature with s1._domainkey.example.com does not hold (DKIM fail): mail is changed after it is signed, or the signer has another private key',
        11,
      ],
    ],
  ],
  [
    'a key receivers did not find',
    { ip: '192.0.2.10', dkim: 'fail', signatures: ['example.com s1 permerror'] },
    [['its signature with s1._domainkey.example.com does not hold (DKIM permerror): the key may not be in DNS', 11]],
  ],
  [
    'a signature for somebody else',
    { ip: '192.0.2.10', dkim: 'fail', signatures: ['example.net x pass'] },
    [['it signs for example.net, which is not aligned with example.com', 11]],
  ],
])('what to mend: %s', async (_, record, advice) => {
  const told = await judged(record)
  expect(told.advice.map(({ message, where }) => [message, where?.line])).toEqual(advice)
  expect(told.advice.every(({ hint }) => hint)).toBe(true)
})

test('a domain below has its own senders, and a parked one has none', async () => {
  expect(
    await judged(
      { ip: '198.51.100.7', dkim: 'fail', from: 'news.example.com', envelope: 'news.example.com pass' },
      'news.example.com',
    ),
  ).toMatchObject({ kind: 'ours', who: 'app.example.com' })
  await space?.remove()
  expect(await judged({ ip: '192.0.2.10', dkim: 'fail', spf: 'fail' }, 'parked.example.com')).toMatchObject({
    kind: 'failing',
    advice: [{ message: 'parked.example.com is parked (mail: none), and mail.example.com sends for it' }],
  })
})

test('a relay that is not in the spec comes with the lines to add', async () => {
  const told = await judged({ ip: '203.0.113.80', dkim: 'fail', spf: 'fail', envelope: 'u1.ct.sendgrid.net pass' })
  expect(told.snippet).toMatch(/^relays:\n {2}sendgrid:\n {4}target: /)
})

const sample = (name: string): string =>
  readFileSync(new URL(`../../dmarc/reports/samples/${name}.xml`, import.meta.url), 'utf8')

async function withSamples(more: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const samples = ['google', 'outlook', 'yahoo', 'rfc9990'].map((name) => [`reports/${name}.xml`, sample(name)])
  space = await workspace({ 'mailsync.yaml': SPEC, ...Object.fromEntries(samples), ...more })
  return space
}

test('reports of four receivers, as text', async () => {
  const { run, path } = await withSamples()
  const { code, stdout } = await run(['dmarc', 'report', path('reports')])
  expect(code).toBe(0)
  const shown = stdout.replaceAll(path('mailsync.yaml'), 'mailsync.yaml')
  expect(
    shown.replace(/(relays:\n)(?: {15,}.*\n)+/, '$1               (as `mailsync relays` has it)\n'),
  ).toMatchInlineSnapshot(`
    "example.com  1,285 messages, 95.9 % pass
      2026-11-12 to 2026-11-13, 4 reports by google.com, Enterprise Outlook, Receiver Example, Yahoo; published: p=none
      Ours, and failing  12 messages
        12  app.example.com  198.51.100.7
              SPF of example.com does not name app.example.com  mailsync.yaml:9
                → add app.example.com to spf.hosts
              it does not sign with DKIM  mailsync.yaml:11
                → have it sign with the key s1 or 20261101120000pm of example.com
      Not in the spec  6 messages
        6  Twilio SendGrid  203.0.113.80
             its mail is not authenticated as example.com  mailsync.yaml:8
               → if it is yours, add it; \`mailsync relays sendgrid\` says where to find what it needs
               below domains, example.com:
                 relays:
                   (as \`mailsync relays\` has it)
      Changed on the way, as by mailing lists  4 messages
        4  lists.example.org  203.0.113.25
      Ours, and aligned  1,232 messages
        1,223  mail.example.com  192.0.2.10  as shop.example.com
            9  signed with s1, a key of others  2001:db8:ffff::25
      Strangers  31 messages
        31  203.0.113.66

    4 reports of 1,285 messages for 1 domain of the spec.
    "
  `)
})

test('as Markdown, in which nothing of a stranger is markup', async () => {
  const evil = reportXml({
    org: '[click](https://evil.example)',
    id: 'evil',
    records: [
      {
        ip: '203.0.113.7',
        dkim: 'fail',
        spf: 'fail',
        reason: 'mailing_list',
        envelope: '|&lt;img/src=x&gt;`@team pass',
      },
    ],
  })
  const { run, path } = await withSamples({ 'reports/evil.xml': evil })
  const { code, stdout } = await run(['dmarc', 'report', path('reports'), '--format', 'markdown'])
  expect(code).toBe(0)
  expect(stdout).toContain('| 1223 | 1223 | `mail.example.com` | Ours, and aligned |')
  expect(stdout).toContain('| 1 | 0 | ``\\|<img/src=x>`@team`` |')
})

test('only some domains, and only some days', async () => {
  const { run, path } = await withSamples({
    'reports/other.xml': reportXml({ id: '2', domain: 'news.example.com', begin: 1_790_000_000, end: 1_790_080_000 }),
    'reports/foreign.xml': reportXml({ id: '3', domain: 'example.org' }),
  })
  const told = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await run(['dmarc', 'report', path('reports'), '--format', 'json', ...args])
    return JSON.parse(stdout).domains.map(
      ({ domain, inSpec }: { domain: string; inSpec: boolean }) => `${domain}${inSpec ? '' : ' (not in the spec)'}`,
    )
  }
  expect(await told()).toEqual(['example.com', 'news.example.com', 'example.org (not in the spec)'])
  expect(await told('--domain', 'news.example.com')).toEqual(['news.example.com'])
  expect(await told('--since', '2026-11-12')).toEqual(['example.com', 'example.org (not in the spec)'])
  expect(await told('--until', '2026-11-11')).toEqual(['news.example.com'])
  expect(await run(['dmarc', 'report', path('reports'), '--since', '2026-02-30'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--since 2026-02-30: that is no day'),
  })
  expect(await run(['dmarc', 'report', path('reports'), '--domain', 'example.org'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no such domain in the spec'),
  })
})

test('what cannot be read is told, the rest is used, and it ends with 1', async () => {
  const { run, path } = await withSamples({ 'reports/broken.xml': '<feedback><report_metadata>' })
  const { code, stdout } = await run(['dmarc', 'report', path('reports')])
  expect(code).toBe(1)
  expect(stdout).toContain(`Not read\n  ${path('reports/broken.xml')}: it is not well-formed XML: `)
  expect(stdout).toContain('4 reports of 1,285 messages for 1 domain of the spec; 1 that cannot be read.')
})

test('nothing that a stranger wrote moves the cursor or is a command of a CI log', async () => {
  const evil = reportXml({
    org: 'a&#x202e;b&#x9b;2J\n::error::x ##[group]',
    id: '&#x85;',
    records: [{ ip: '203.0.113.7', dkim: 'fail', spf: 'fail', reason: 'mailing_list', envelope: '&#x9b;31mred pass' }],
  })
  const { run, path } = await withSamples({ 'reports/e.xml': evil })
  for (const format of ['text', 'json', 'markdown']) {
    const { code, stdout } = await run(['dmarc', 'report', path('reports'), '--format', format])
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]|^\s*::error|##\[/mu)
  }
})

test('the bundled command line unpacks archives and mail, and reads a pipe', async () => {
  const { path, directory } = await withSamples()
  const [first, second] = ['google', 'outlook'].map((name) => zipOf([{ name: `${name}.xml`, content: sample(name) }]))
  await writeFile(path('reports.eml'), mailWith([{ name: 'r.zip', type: 'application/zip', content: first as Buffer }]))
  const child = spawn(process.execPath, [resolve(BUILT_CLI), 'dmarc', 'report', 'reports.eml', '-'], { cwd: directory })
  child.stdin.end(second)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect({ last: stdout.split('\n').at(-2), stderr }).toEqual({
    last: '2 reports of 1,278 messages for 1 domain of the spec.',
    stderr: '',
  })
})

test('a report from a pipe', async () => {
  space = await workspace({ 'mailsync.yaml': SPEC })
  const piped = await space.run(['dmarc', 'report', '-'], {
    input: () => Readable.from([Buffer.from(sample('google'))]),
  })
  expect(piped).toMatchObject({ code: 0, stderr: '' })
  expect(piped.stdout).toContain('1 report of 1,232 messages')
  expect(await space.run(['dmarc', 'report', '-'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no standard input'),
  })
})
