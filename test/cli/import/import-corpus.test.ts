import { readFile } from 'node:fs/promises'
import { load } from 'js-yaml'
import { afterEach, describe, expect, test } from 'vitest'
import { readZoneFile } from '../../../providers/yaml/zone-text.js'
import type { Name } from '../../../records/rr/name.js'
import { type AnyRRset, compareRRsets, isKnown, rdataTexts } from '../../../records/rr/rrset.js'
import { readMasterFile } from '../../../src/import/master-file/master-file.js'
import type { Plan } from '../../../src/plan/plan.js'
import { changesOf, comments } from '../../import/imported.js'
import { missingServer, programPath, serverAvailable } from '../../servers/dns-server.js'
import { run } from '../../servers/server-process.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const ZONE = 'example.com.' as Name
const COPY = 'zones/example.com.yaml'
const hasBind = serverAvailable('bind')

let space: Workspace | undefined

afterEach(() => space?.remove())

interface Taken {
  readonly space: Workspace
  readonly ran: Ran
  /** The spec from `hosts:` or `domains:` on, without its comments. */
  readonly bare: string
  /** The comments of the spec, each paragraph on one line. */
  readonly comments: string
  readonly changes: readonly string[]
}

/** Imports real zones, anonymised, and plans with what came out. */
async function taken(files: Readonly<Record<string, string>>, domains = ['example.com']): Promise<Taken> {
  space = await workspace(files)
  const { path, read, run: mailsync } = space
  const sources = Object.keys(files).flatMap((file) => ['--zone-file', path(file)])
  const ran = await mailsync(['import', ...domains, ...sources, '--out', path('mailsync.yaml')])
  expect(ran).toMatchObject({ code: 0 })
  const spec = await read('mailsync.yaml')
  const plain = spec
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
  const planned = await mailsync(['plan', '--format', 'json'])
  expect(planned.code).toBe(0)
  return {
    space,
    ran,
    bare: plain.slice(plain.search(/^(?:hosts|domains):/m)),
    comments: comments(spec),
    changes: changesOf(JSON.parse(planned.stdout) as Plan),
  }
}

function corpus(file: string): Promise<string> {
  return readFile(`test/fixtures/corpus/${file}`, 'utf8')
}

/** A master file as BIND writes it out. */
async function compiled(file: string, zone: string): Promise<string> {
  const program = programPath('named-compilezone') as string
  return run(program, ['-q', '-i', 'none', '-k', 'ignore', '-F', 'text', '-o', '-', zone, file])
}

/** A line a value, the strings of TXT joined, as octoDNS does; of other types the names alone. */
function linesOf(rrsets: readonly AnyRRset[]): string[] {
  return rrsets
    .flatMap((rrset) =>
      (isKnown(rrset) ? rdataTexts(rrset) : ['']).map((text) => `${rrset.name} ${rrset.ttl} ${rrset.type} ${text}`),
    )
    .sort()
}

/** `name TYPE` → the record as the file has it. */
function recordsIn(text: string): Map<string, unknown> {
  const zone = load(text) as Record<string, unknown>
  return new Map(
    Object.entries(zone).flatMap(([name, entry]) =>
      [entry].flat().map((record) => [`${name} ${(record as { type: string }).type}`, record] as const),
    ),
  )
}

/** Applies all of it: what the plan did not name is as it was. */
async function leavesTheRest(
  { space: { read, run: mailsync } }: Taken,
  changed: readonly string[],
  file = COPY,
): Promise<void> {
  const before = recordsIn(await read(file))
  expect((await mailsync(['apply', '--yes', '--adopt'])).code).toBe(0)
  const after = recordsIn(await read(file))
  const mine = [...changed, '_mailsync TXT']
  const others = (records: Map<string, unknown>) => [...records].filter(([key]) => !mine.includes(key))
  expect(others(after)).toEqual(others(before))
  expect((await mailsync(['plan', '--detailed-exitcode'])).code).toBe(0)
}

describe('zones as they were found', () => {
  test('Microsoft 365: all of it is said, nothing adopted, and what others need is kept', async () => {
    const zone = await taken({ 'example.com.zone': await corpus('02-m365.zone') })
    expect(zone.bare).toBe(`domains:
  example.com:
    spf: { all: fail }
    dmarc: { policy: reject, subdomains: reject, rua: [rua@reports.example.net, d@example.com], fo: '1' }
    clients: { autodiscover: { cname: autodiscover.outlook.com } }
    caa: { issue: [ca.example.net] }
    relays:
      microsoft:
        selector1: selector1-example-com._domainkey.example.onmicrosoft.com
        selector2: selector2-example-com._domainkey.example.onmicrosoft.com
        server: example-com.mail.protection.outlook.com`)
    expect(zone.comments).toContain('!10m in rua: RFC 9989 ignores the size')
    expect(zone.changes).toEqual([])
    expect(zone.ran.stderr).toContain(
      '7 records are there already as wanted.\nWith it `mailsync plan` changes no record.',
    )
    const records = recordsIn(await zone.space.read(COPY))
    expect(records.get(' TXT')).toMatchObject({
      values: ['MS=ms00000000', 'v=spf1 include:spf.protection.outlook.com -all'],
    })
    expect(records.get(' CAA')).toMatchObject({ value: { flags: 0, tag: 'issue', value: 'ca.example.net' } })
    expect(records.get('_sip._tls SRV')).toMatchObject({
      value: { priority: 100, weight: 1, port: 443, target: 'sipdir.online.lync.com.' },
    })
    await leavesTheRest(zone, [])
  })

  test('a small hoster’s file of relative names: TTLs differ and stay; only the SPF is adopted', async () => {
    const zone = await taken({ 'example.com.zone': await corpus('05-shared-host-relative.zone') })
    expect(zone.bare).toBe(`hosts:
  mx.example.com:
    addresses: [192.0.2.3, 2001:db8::3]
    reverse: manual
    helo_spf: false
    ttl: { aaaa: 86400 }
domains:
  example.com:
    mx: [mx.example.com]
    spf: { addresses: [192.0.2.0/28], all: softfail }
    dkim: false
    dmarc: { policy: none, subdomains: none, rua: [d@example.com], fo: '0' }
    ttl: { default: 86400, mx: 1800 }`)
    for (const tag of ['pct=100', 'rf=afrf', 'ri=86400']) expect(zone.comments).toContain(`${tag}: RFC 9989 removed it`)
    expect(zone.changes).toEqual(['update example.com. TXT (adopts)'])
    await leavesTheRest(zone, [' TXT'])
  })

  test('mailcow with MTA-STS and DANE: two hosts, the SPF adopted, the rest kept', async () => {
    const zone = await taken({ 'example.com.zone': await corpus('07-mailcow-mta-sts-dane.zone') })
    expect(zone.bare).toBe(`hosts:
  example.com:
    addresses: [192.0.2.30]
    publish: false
    reverse: manual
  mail.example.com:
    addresses: [192.0.2.31, 2001:db8::31]
    reverse: manual
    tlsa: [3 1 1 abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789]
domains:
  example.com:
    mx: [mail.example.com]
    spf: { hosts: [example.com], all: fail }
    dkim: false
    dmarc: { policy: quarantine, adkim: strict, aspf: strict, rua: [d@example.com] }
    mta_sts: { id: '20240101000000', host: { cname: mail.example.com } }
    tls_rpt: { rua: [tls@example.com] }
    bimi: { location: https://example.com/b.svg }
    clients:
      host: mail.example.com
      services: [imaps, submission]
      not_offered: [pop3s]
      autoconfig: true
      autodiscover: { cname: mail.example.com, srv: { host: mail.example.com, weight: 1 } }
      pacc: false
    caa: { issue: [ca.example.net] }`)
    expect(zone.comments).toContain('it may be a web server as well. Its addresses are used, and never written.')
    expect(zone.changes).toEqual(['update example.com. TXT (adopts)'])
    const kept = [...recordsIn(await zone.space.read(COPY)).keys()]
    for (const key of ['_25._tcp.mail TLSA', '_imaps._tcp SRV', '_pop3s._tcp SRV', ' CAA', 'default._bimi TXT'])
      expect(kept).toContain(key)
    await leavesTheRest(zone, [' TXT'])
    // The web server at the apex sends no mail after all: its host leaves the spec, and its address stays in DNS.
    const { read, write, run: mailsync } = zone.space
    const spec = await read('mailsync.yaml')
    await write(
      'mailsync.yaml',
      spec.replace(/^ {2}example\.com:\n(?: {4}.*\n)+\n(?= {2}mail\.)/m, '').replace('hosts: [example.com], ', ''),
    )
    const { code, stdout } = await mailsync(['apply', '--yes'])
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('- ip4:192.0.2.30') })
    expect(recordsIn(await read(COPY)).get(' A')).toMatchObject({ value: '192.0.2.30' })
  })

  test('a campus with includes of its own: three domains, three hosts, preferences as they are', async () => {
    const zone = await taken({ 'example.com.zone': await corpus('09-campus-includes.zone') }, [
      'example.com',
      'lists.example.com',
      'labs.example.com',
    ])
    expect(zone.bare.slice(0, zone.bare.indexOf('domains:')).match(/^ {2}\S+:$/gm)).toEqual([
      '  lists.example.com:',
      '  mx-in1.example.com:',
      '  mx-in2.example.com:',
    ])
    expect(zone.comments).toContain(
      'The SPF of its own name is no plain one, and stays as it is:\nv=spf1 include:_cidrs.example.com ~all',
    )
    expect(zone.bare).toContain(
      '  example.com:\n    mx: [{ host: mx-in1.example.com, preference: 10 }, { host: mx-in2.example.com, preference: 10 }]',
    )
    expect(zone.bare).toContain(
      '  labs.example.com:\n    mx: [{ host: mx-in1.example.com, preference: 10 }, { host: mx-in2.example.com, preference: 50 }]',
    )
    expect(zone.comments).not.toContain('DKIM keys in DNS')
    expect(zone.changes).toEqual(['update example.com. TXT (adopts)', 'update lists.example.com. TXT (adopts)'])
    await leavesTheRest(zone, [' TXT', 'lists TXT'])
  })

  test('unquoted strings, escapes and a long key are read as BIND reads them', async () => {
    const zone = await taken({ 'example.com.zone': await corpus('12-long-string-and-unquoted.zone') })
    expect(zone.bare).toBe('domains:\n  example.com:\n    mx: [mx.example.net]\n    spf: false\n    dmarc: false')
    expect(zone.comments).toContain('There is no SPF today.')
    expect(zone.changes).toEqual([])
    const records = recordsIn(await zone.space.read(COPY))
    expect(records.get(' TXT')).toMatchObject({ values: ['v=verify\\; a "quoted" b\\c é', 'v=spf1-all'] })
    expect(records.get('sel._domainkey TXT')).toMatchObject({
      value: expect.stringMatching(/^v=DKIM1\\; k=rsa\\; p=A+B+$/),
    })
    await leavesTheRest(zone, [])
  })

  test('an octoDNS file whose MX has no dot: it stays, with what to do; the rest is said', async () => {
    const zone = await taken({ [COPY]: await corpus('14-no-trailing-dot.example.com.yaml') })
    expect(zone.bare).toBe(`domains:
  example.com:
    spf: { all: fail }
    dmarc: { policy: reject, subdomains: reject, rua: [rua@dmarc.example.org] }
    relays: { microsoft: { mx: false } }`)
    expect(zone.comments).toContain(
      'The MX stay as they are: the exchange of MX the name "example-com.mail.protection.outlook.com" does not end in a dot; add the dot (line 3).',
    )
    expect(zone.changes).toEqual([])
    await leavesTheRest(zone, [])
  })

  test('an MX that is a CNAME stays with the reason, and the SPF goes on naming it', async () => {
    const zone = await taken({ 'example.com.zone': await corpus('16-mx-is-apex-cname-host.zone') })
    expect(zone.bare).toBe(
      'domains:\n  example.com:\n    spf: { terms: [mx, ip4:192.0.2.90/32, ip4:192.0.2.91/32], all: fail }\n    dmarc: false',
    )
    expect(zone.comments).toContain(
      'The MX stay as they are: mail.example.com is a CNAME, and an MX must not lead to one (RFC 2181 §10.3).',
    )
    expect(zone.comments).toContain('mx  the addresses of mail.example.com are not known here: it is a CNAME')
    expect(zone.changes).toEqual([])
    await leavesTheRest(zone, [])
  })

  test('a reverse zone with $GENERATE is refused, both lines with what to do', async () => {
    space = await workspace({ '2.0.192.in-addr.arpa.zone': await corpus('10-reverse-generate-2317.zone') })
    const file = space.path('2.0.192.in-addr.arpa.zone')
    const { code, stderr } = await space.run(['import', 'example.com', '--zone-file', file])
    expect(code).toBe(1)
    for (const line of [6, 7])
      expect(stderr).toMatch(
        new RegExp(
          `zone:${line}:1 .*\\$GENERATE is not read here .*\\n +let BIND write it out: named-compilezone -o - ZONE FILE, and import that`,
        ),
      )
  })
})

if (!hasBind) test.skip(missingServer('bind'), () => {})
else
  describe('beside BIND', () => {
    test.each([
      '02-m365.zone',
      '05-shared-host-relative.zone',
      '07-mailcow-mta-sts-dane.zone',
      '09-campus-includes.zone',
      '12-long-string-and-unquoted.zone',
      '16-mx-is-apex-cname-host.zone',
    ])('the copy of %s holds the RRsets that named-compilezone writes', async (file) => {
      const text = await corpus(file)
      const ours = readMasterFile(text, { file })
      const theirs = readMasterFile(await compiled(`test/fixtures/corpus/${file}`, 'example.com'), { file: 'BIND' })
      expect(ours.others).toEqual([])
      const known = (rrsets: readonly AnyRRset[]) => rrsets.filter(isKnown).sort(compareRRsets)
      expect(known(ours.rrsets)).toEqual(known(theirs.rrsets))
      expect(linesOf(ours.rrsets)).toEqual(linesOf(theirs.rrsets))
      const zone = await taken({ 'example.com.zone': text })
      const copy = readZoneFile(await zone.space.read(COPY), ZONE)
      expect(linesOf(copy)).toEqual(linesOf(theirs.rrsets))
    })

    test('a reverse zone that BIND wrote out is read, and a PTR below a CNAME is left', async () => {
      const reverse = await compiled('test/fixtures/corpus/10-reverse-generate-2317.zone', '2.0.192.in-addr.arpa')
      const zone = await taken({
        '2.0.192.in-addr.arpa.zone': reverse,
        'example.com.zone':
          '$ORIGIN example.com.\n$TTL 3600\n@ SOA ns. me. 1 2 3 4 5\n@ MX 10 mail\nmail A 192.0.2.3\n',
      })
      expect(zone.bare).toMatch(
        /^hosts:\n {2}mail\.example\.com:\n {4}addresses: \[192\.0\.2\.3\]\n {4}reverse: false\n/,
      )
      expect(zone.comments).toContain('192.0.2.3 has a CNAME there')
      expect(zone.changes).toEqual([])
    })
  })
