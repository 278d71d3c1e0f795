import type { Answer } from 'dns-packet'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import { changesOf } from '../../import/imported.js'
import { replyTo, type ScriptedDns, startScriptedDns } from '../../servers/scripted-dns.js'
import { type Ran, type RunSettings, runMain, type Workspace, workspace } from '../workspace.js'

const ZONE = `---
'':
  - type: MX
    value: { exchange: mail.example.com., preference: 10 }
  - type: TXT
    values:
      - google-site-verification=abc
      - v=spf1 ip4:192.0.2.10 ~all
  - type: SRV
    value: { port: 993, priority: 0, target: mail.example.com., weight: 1 }
mail:
  type: A
  value: 192.0.2.10
`

const MASTER = `$TTL 3600
@ IN SOA ns1 hostmaster 1 2 3 4 5
@ IN NS ns1
@ IN MX 10 mail
@ IN TXT "v=spf1 mx ~all"
ns1 IN A 192.0.2.53
mail IN A 192.0.2.10
_imaps._tcp IN SRV 0 1 993 mail
@ IN CAA 0 issue "ca.example.net; policy=ev"
_25._tcp.mail IN TLSA 3 1 1 ( abcd
  ef01 )
_sip._udp IN NAPTR 10 10 "s" "SIP+D2U" "" mail
`

let space: Workspace

afterEach(() => space.remove())

async function given(files: Readonly<Record<string, string>>): Promise<Workspace> {
  space = await workspace(files)
  return space
}

/** What the workspace's spec would change now. */
async function planned(): Promise<string[]> {
  const { code, stdout, stderr } = await space.run(['plan', '--format', 'json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return changesOf(JSON.parse(stdout) as Plan)
}

function importing(args: readonly string[], settings?: RunSettings): Promise<Ran> {
  return space.run(['import', ...args, '--out', space.path('mailsync.yaml')], settings)
}

describe('from a folder of octoDNS files', () => {
  test('to stdout: the spec and nothing else; beside it, what to do next', async () => {
    await given({ 'zones/example.com.yaml': ZONE })
    const { code, stdout, stderr } = await runMain([
      'import',
      'example.com',
      '--class',
      'yaml',
      '--option',
      `directory=${space.path('zones')}`,
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^# yaml-language-server: \$schema=\.\/mailsync\.schema\.json\n/)
    expect(stderr).toBe(`1 domain and 1 host, in 1 zone.
3 records are there already as wanted.
With it \`mailsync plan\` changes no record.
Next: mailsync plan
`)
    await space.write('mailsync.yaml', stdout)
    expect(await planned()).toEqual([])
  })

  test('to a file: the folder is relative to it, as in any spec', async () => {
    await given({ 'zones/example.com.yaml': ZONE })
    const { code, stdout } = await importing(['example.com', '--option', 'directory=./zones'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(await space.read('mailsync.yaml')).toMatch(/ {2}local:\n {4}class: yaml\n {4}directory: \.\/zones\n/)
    expect(await planned()).toEqual([])
  })

  test('to a file: the schema that it names is beside it', async () => {
    await given({ 'zones/example.com.yaml': ZONE })
    await importing(['example.com', '--option', 'directory=./zones'])
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)/.exec(await space.read('mailsync.yaml')) ?? []
    expect(JSON.parse(await space.read(schema))).toHaveProperty('properties.domains')
  })

  test('named by its file', async () => {
    await given({
      'dns/example.com.yaml': ZONE,
      'dns/2.0.192.in-addr.arpa.yaml': "'10': { type: PTR, value: mail.example.com. }\n",
    })
    expect((await importing(['example.com', '--zone-file', space.path('dns/example.com.yaml')])).code).toBe(0)
    const spec = await space.read('mailsync.yaml')
    expect(spec).toMatch(/directory: \.\/dns\n/)
    expect(spec).toMatch(/ {2}2\.0\.192\.in-addr\.arpa\.: /)
    expect(await planned()).toEqual([])
  })

  test('after apply, strangers’ values and records are as they were', async () => {
    await given({ 'zones/example.com.yaml': ZONE })
    await importing(['example.com', '--option', 'directory=./zones'])
    expect((await space.run(['apply', '--yes'])).code).toBe(0)
    const zone = await space.read('zones/example.com.yaml')
    expect(zone.replace(/^_mailsync:\n(?: .*\n)+/m, '')).toBe(ZONE)
  })
})

describe('from a master file', () => {
  test('a copy of the zone is written beside the spec, so that it can be planned and applied', async () => {
    await given({ 'db.example.com': MASTER })
    const { code, stderr } = await importing(['example.com', '--zone-file', space.path('db.example.com')])
    expect(code).toBe(0)
    expect(stderr).toContain(
      `Wrote ${space.path('zones/example.com.yaml')}, a copy of the zone to plan and apply with.\n`,
    )
    expect(await planned()).toEqual(['update example.com. TXT (adopts)'])
    const copy = await space.read('zones/example.com.yaml')
    expect(copy).toMatch(
      /^# A copy of the zone example\.com.* NOT IN IT.*\n#.*:\n# {3}_sip\._udp\.example\.com\. NAPTR\n---\n/,
    )
    expect(copy).toContain(`  - ttl: 3600
    type: CAA
    value:
      flags: 0
      tag: issue
      value: ca.example.net; policy=ev
`)
    expect(copy).toContain(`_25._tcp.mail:
  ttl: 3600
  type: TLSA
  value:
    certificate_association_data: abcdef01
    certificate_usage: 3
    matching_type: 1
    selector: 1
`)
    expect(copy).toContain(`_imaps._tcp:
  ttl: 3600
  type: SRV
  value:
    port: 993
    priority: 0
    target: mail.example.com.
    weight: 1
`)
    expect((await space.run(['apply', '--yes', '--adopt'])).code).toBe(0)
    expect(await planned()).toEqual([])
  })

  test('several files are several zones; a copy that is there already stays', async () => {
    await given({
      'example.com.zone': MASTER,
      'reverse.db': '$ORIGIN 2.0.192.in-addr.arpa.\n$TTL 60\n@ SOA . . 1 2 3 4 5\n10 PTR mail.example.com.\n',
      'zones/example.com.yaml': '---\n{}\n',
    })
    const files = ['--zone-file', space.path('example.com.zone'), '--zone-file', space.path('reverse.db')]
    const { code, stderr } = await importing(['example.com', ...files])
    expect(code).toBe(0)
    expect(stderr).toContain(`${space.path('zones/example.com.yaml')} is there already, and stays as it is.\n`)
    expect(await space.read('zones/example.com.yaml')).toBe('---\n{}\n')
    expect(await space.read('zones/2.0.192.in-addr.arpa.yaml')).toContain('PTR')
    expect(await space.read('mailsync.yaml')).not.toMatch(/reverse:/)
  })

  test('what is wrong with it is told with its lines, and nothing is written', async () => {
    await given({ 'db.example.com': `${MASTER}bad IN A 192.0.2.1000\n$GENERATE 1-2 a$ A 192.0.2.$\n` })
    const { code, stderr } = await importing(['example.com', '--zone-file', space.path('db.example.com')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/db\.example\.com:13:1 .*is no rdata of A/)
    expect(stderr).toMatch(/db\.example\.com:14:1 .*\$GENERATE is not read here/)
    await expect(space.read('mailsync.yaml')).rejects.toThrow('ENOENT')
  })
})

describe('from a provider of a spec that exists', () => {
  const SPEC = `providers:
  files: { class: yaml, directory: zones }
  other: { class: yaml, directory: env/NOT_SET }
zones: { example.net.: { targets: [files] } }
domains: { example.net: { mail: none } }
`

  test('its options are copied, and lead to the same place from another folder', async () => {
    await given({ 'mailsync.yaml': SPEC, 'zones/example.com.yaml': ZONE, 'new/keep': '' })
    const { code } = await space.run([
      'import',
      'example.com',
      '--provider',
      'files',
      '--out',
      space.path('new/first.yaml'),
    ])
    expect(code).toBe(0)
    expect(await space.read('new/first.yaml')).toMatch(/ {2}files:\n {4}class: yaml\n {4}directory: \.\.\/zones\n/)
    expect((await runMain(['plan', '--config', space.path('new/first.yaml'), '--detailed-exitcode'])).stdout).toMatch(
      /No record changes/,
    )
  })

  test('a provider it does not have', async () => {
    await given({ 'mailsync.yaml': SPEC })
    const { code, stderr } = await space.run(['import', 'example.com', '--provider', 'file'])
    expect({ code, stderr: stderr.replaceAll(space.directory, '') }).toEqual({
      code: 1,
      stderr: 'error  /mailsync.yaml has no provider "file"\n    did you mean files?\n',
    })
  })
})

describe('secrets', () => {
  test.each([
    [
      [
        '--class',
        'rfc2136',
        '--option',
        'host=127.0.0.1',
        '--option',
        'port=1',
        '--option',
        'key_name=k',
        '--option',
        'key_secret=aHVudGVyMg==',
      ],
    ],
    [['--class', 'cloudflare', '--option', 'token=aHVudGVyMg==', '--option', 'nonsense=1']],
  ])('%j: a failure does not show them', async (args) => {
    await given({})
    const { code, stdout, stderr } = await importing(['example.com', ...args])
    expect(code).toBe(1)
    expect(stdout + stderr).not.toContain('aHVudGVyMg==')
  })

  test('a variable that is not set', async () => {
    await given({})
    const { code, stderr } = await importing(['example.com', '--class', 'cloudflare', '--option', 'token=env/NOT_SET'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/the environment variable NOT_SET is not set/)
  })
})

describe('the file that is written', () => {
  test('an existing one is only overwritten with --force', async () => {
    await given({ 'zones/example.com.yaml': ZONE, 'mailsync.yaml': 'mine\n' })
    const refused = await importing(['example.com', '--option', 'directory=./zones'])
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(
      /mailsync\.yaml is there already, and is not overwritten\n.*\n {4}choose another name, or overwrite it with --force/,
    )
    expect(await space.read('mailsync.yaml')).toBe('mine\n')
    expect((await importing(['example.com', '--option', 'directory=./zones', '--force'])).code).toBe(0)
    expect(await planned()).toEqual([])
  })

  test('a folder that is not there', async () => {
    await given({ 'zones/example.com.yaml': ZONE })
    const out = space.path('none/mailsync.yaml')
    const { code, stderr } = await runMain([
      'import',
      'example.com',
      '--option',
      `directory=${space.path('zones')}`,
      '--out',
      out,
    ])
    expect(code).toBe(1)
    expect(stderr).toMatch(/no such file or directory/)
  })
})

describe('from public DNS', () => {
  const RECORDS: readonly (Answer & { readonly name: string })[] = [
    {
      type: 'SOA',
      name: 'example.com',
      data: { mname: 'a', rname: 'b', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 },
    },
    { type: 'NS', name: 'example.com', data: 'ada.ns.cloudflare.com' },
    { type: 'MX', name: 'example.com', ttl: 3600, data: { preference: 10, exchange: 'mail.example.com' } },
    { type: 'A', name: 'mail.example.com', ttl: 3600, data: '192.0.2.10' },
  ]
  let resolver: ScriptedDns
  beforeEach(async () => {
    resolver = await startScriptedDns((query) => {
      const answers = RECORDS.filter(({ name, type }) => name === query.name && type === query.type)
      const exists = RECORDS.some(({ name }) => name === query.name || name.endsWith(`.${query.name}`))
      const authorities = RECORDS.filter(({ type, name }) => type === 'SOA' && query.name.endsWith(name))
      return replyTo(query, { rcode: exists ? 0 : 3, answers, ...(answers.length === 0 && { authorities }) })
    })
  })
  afterEach(() => resolver.close())

  test('where no source is named: the spec, and beside it what is not in it', async () => {
    await given({})
    const { code, stdout, stderr } = await space.run([
      'import',
      'example.com',
      '--resolver',
      `127.0.0.1:${resolver.port}`,
    ])
    expect(code).toBe(0)
    expect(stdout).toContain(`
domains:
  example.com:
    mx: [mail.example.com]
`)
    expect(stderr).toMatch(
      /^Read from public DNS, which answers for names and lists none: \d+ questions were asked, and records with other names are not told\.\nA provider as source is whole: .*\nexample\.com\.: read through the resolver, .*\n1 domain and 1 host, in 1 zone\.\n/,
    )
  })

  test('where it cannot be read, that is told, and what else there is', async () => {
    await given({})
    const { port } = resolver
    resolver.close()
    resolver = await startScriptedDns(() => undefined)
    const { code, stderr } = await space.run(['import', 'example.com', '--resolver', `127.0.0.1:${port}`])
    expect(code).toBe(1)
    expect(stderr).toMatch(/public DNS cannot be read: 127\.0\.0\.1 port \d+ cannot be reached: ECONNREFUSED/)
    expect(stderr).toContain('other sources: --class rfc2136')
  })

  test('a domain that does not exist is an error', async () => {
    await given({})
    const { code, stderr } = await space.run([
      'import',
      'missing.example.com',
      '--resolver',
      `127.0.0.1:${resolver.port}`,
    ])
    expect(code).toBe(1)
    expect(stderr).toContain('missing.example.com is not in DNS')
  })
})

describe('mistakes on the command line', () => {
  test.each([
    [['example.com', '--resolver', 'dns.example'], /"dns\.example" is no address of a DNS server/],
    [['example.com', '--resolver', '192.0.2.53', '--class', 'yaml'], /--class and --resolver name several/],
    [
      ['example.com', '--class', 'yaml', '--provider', 'x'],
      /there is one source, and --provider and --class name several/,
    ],
    [
      ['example.com', '--zone-file', 'x', '--option', 'a=b'],
      /there is one source, and --zone-file and --option name several/,
    ],
    [['example.com', '--option', 'directory'], /--option takes KEY=VALUE/],
    [['example.com', '--option', 'class=yaml'], /the class has an option of its own/],
    [['example.com', '--option', 'directory=a', '--option', 'directory=b'], /--option directory is given twice/],
    [
      ['example.com', '--class', 'yml', '--option', 'directory=a'],
      /there is no adapter "yml".*\n.*did you mean yaml\?/,
    ],
    [
      ['example.com', '--class', 'linode', '--option', 'token=x'],
      /linode holds no zones, only the PTRs of its addresses: there is nothing to import\n.*write its name at `reverse`/,
    ],
    [['example.com', '--class', 'rfc2136'], /the key "host" is missing .*\n +options are given as --option KEY=VALUE/],
    [
      ['example.com', '--zone-file', 'a/example.com.yaml', '--zone-file', 'b/example.org.yaml'],
      /lie in different folders/,
    ],
    [['example.com', '--zone-file', 'zones.yaml'], /zones\.yaml does not have the name of a zone/],
    [
      ['example.com', '--zone-file', 'db.example.com', '--zone-file', 'example.org.yaml'],
      /cannot be imported together/,
    ],
    [['example.com', '--zone-file', 'not-there.zone'], /not-there\.zone: no such file/],
    [[], /no domain is named/],
  ])('%j', async (args, message) => {
    await given({})
    const { code, stdout, stderr } = await space.run(['import', ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
  })

  test('all names that are none are told at once', async () => {
    await given({})
    const { stderr } = await space.run([
      'import',
      'example',
      'mail@example.com',
      '--zone',
      'a..b',
      '--option',
      'directory=.',
    ])
    expect(stderr.match(/\[name\]/g)).toHaveLength(3)
  })
})

test('an IDN domain is written as people write it', async () => {
  await given({ 'zones/xn--bcher-kva.example.yaml': ZONE.replaceAll('mail.example.com', 'mail.xn--bcher-kva.example') })
  expect((await importing(['BÜCHER.example.', '--option', 'directory=./zones'])).code).toBe(0)
  const spec = await space.read('mailsync.yaml')
  expect(spec).toMatch(/\n {2}bücher\.example:\n {4}mx: \[mail\.bücher\.example\]\n/)
  expect(await planned()).toEqual([])
})
