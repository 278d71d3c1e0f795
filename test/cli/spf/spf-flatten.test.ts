import { afterEach, describe, expect, test } from 'vitest'
import { checkHost } from '../../../records/families/spf/evaluate/check-host.js'
import { dnsOf, type Zones } from '../../records/families/spf/zones.js'
import { startZonesDns } from '../../servers/zones-dns.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const SPEC = `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] } }
domains:
  example.com:
    spf: { addresses: [192.0.2.1], include: [_spf.example.net], flatten: [relay.example] }
    dkim: false
    dmarc: false
`
const RELAY: Zones = {
  'relay.example': ['v=spf1 include:_a.relay.example a:mail.relay.example exists:%{i}.%{d} ~all'],
  '_a.relay.example': ['v=spf1 -ip4:198.51.100.0 ip4:198.51.100.0/30 -all'],
  'mail.relay.example': ['A 203.0.113.5'],
}
const NETWORKS = ['ip4:198.51.100.1', 'ip4:198.51.100.2/31', 'ip4:203.0.113.5']
/** Networks that no larger one holds, so that none are merged. */
const many = (count: number) => Array.from({ length: count }, (_, n) => `ip4:198.51.${n}.1`)

let space: Workspace
afterEach(() => space.remove())

async function refresh(zones: Zones, today?: string): Promise<Ran> {
  const dns = await startZonesDns(zones)
  try {
    return await space.run(['spf', 'refresh', '--resolver', `${dns.host}:${dns.port}`], today ? { today } : {})
  } finally {
    dns.close()
  }
}

async function records(): Promise<Map<string, string>> {
  const { code, stdout } = await space.run(['compile', '--format', 'json'])
  expect(code).toBe(0)
  const { zones } = JSON.parse(stdout) as { zones: { records: { name: string; purpose: string; rdata: string[] }[] }[] }
  const spf = zones.flatMap((zone) => zone.records).filter(({ purpose }) => purpose === 'spf')
  return new Map(spf.map(({ name, rdata }) => [name.slice(0, -1), rdata[0] ?? '']))
}

describe('an include that is flattened', () => {
  test('is not there before it was looked up: an error with what to do', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    const { code, stderr } = await space.run(['compile'])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /mailsync\.yaml:5:\d+ +error +what the SPF of relay\.example means for example\.com is not in spf-lock\.json/,
    )
    expect(stderr).toContain('run `mailsync spf refresh`, and commit spf-lock.json')
  })

  test('is looked up once, kept beside the spec, and compiled offline as what it means', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    const first = await refresh(RELAY)
    expect(first.code).toBe(0)
    expect(first.stdout).toBe(
      ['relay.example  changed', ...NETWORKS.map((term) => `  + ${term}`), '  + exists:%{i}.relay.example', ''].join(
        '\n',
      ),
    )
    expect(await records()).toEqual(
      new Map([
        [
          'example.com',
          `v=spf1 ip4:192.0.2.1 ${NETWORKS.join(' ')} exists:%{i}.relay.example include:_spf.example.net ~all`,
        ],
      ]),
    )
    const again = await refresh(RELAY)
    expect(again).toMatchObject({ code: 0, stdout: 'relay.example  unchanged\n', stderr: 'Nothing changed.\n' })
  })

  test('what changed since is shown', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    await refresh(RELAY)
    const { stdout } = await refresh({ ...RELAY, 'mail.relay.example': ['A 203.0.113.6'] })
    expect(stdout).toBe('relay.example  changed\n  + ip4:203.0.113.6\n  - ip4:203.0.113.5\n')
    expect((await records()).get('example.com')).toContain(' ip4:203.0.113.6 ')
  })

  test('one that cannot be looked up stays as it was, and is an error', async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    await refresh(RELAY)
    const lock = await space.read('spf-lock.json')
    const { code, stdout } = await refresh({ ...RELAY, '_a.relay.example': ['failure'] })
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^relay\.example {2}cannot be flattened: TXT of _a\.relay\.example could not be looked up: .*; it stays as it was\n$/,
    )
    expect(await space.read('spf-lock.json')).toBe(lock)
  })

  test('a lock file that somebody broke is an error at its place', async () => {
    const wrong = {
      format: 'mailsync-spf-lock',
      version: 1,
      includes: { 'relay.example': { networks: ['-all'], terms: [] } },
    }
    for (const [text, why] of [
      [JSON.stringify(wrong), '"-all" is no term of an SPF that lets pass'],
      ['{}', 'it is no lock file of SPF'],
      ['<<<<<<<', 'it is no JSON'],
    ] as const) {
      space = await workspace({ 'mailsync.yaml': SPEC, 'spf-lock.json': text })
      const { code, stderr } = await space.run(['compile'])
      expect(code).toBe(1)
      expect(stderr).toMatch(/spf-lock\.json:1:1 +error/)
      expect(stderr).toContain(why)
      await space.remove()
    }
  })

  test.each([0, 26, 100])(
    'with %i networks, in records of at most 450 octets: whoever sends, the result is that of the include',
    async (count) => {
      const zones: Zones = {
        'relay.example': [`v=spf1 ${many(count).join(' ')} exists:%{i}.x.example -all`],
        '198.51.99.7.x.example': ['A 127.0.0.2'],
      }
      space = await workspace({ 'mailsync.yaml': SPEC.replace(', include: [_spf.example.net]', '') })
      await refresh(zones)
      const found = await records()
      expect([...found.keys()].sort()).toEqual(
        {
          0: ['example.com'],
          26: ['_spf1.example.com', 'example.com'],
          100: ['_spf1.example.com', '_spf2.example.com', '_spf3.example.com', '_spf4.example.com', 'example.com'],
        }[count],
      )
      for (const value of found.values()) expect(value.length).toBeLessThanOrEqual(450)
      const flat = dnsOf({ ...zones, ...Object.fromEntries([...found].map(([name, value]) => [name, [value]])) })
      const whole = dnsOf({ ...zones, 'example.com': ['v=spf1 ip4:192.0.2.1 include:relay.example ~all'] })
      for (const ip of [
        '192.0.2.1',
        '198.51.0.1',
        '198.51.25.1',
        '198.51.26.1',
        '198.51.99.1',
        '198.51.99.7',
        '203.0.113.1',
      ]) {
        const sender = { ip, mailFrom: 'joe@example.com' }
        expect([ip, (await checkHost(sender, flat)).result]).toEqual([ip, (await checkHost(sender, whole)).result])
      }
    },
  )

  test('of many networks, each stays in the record it is in; records that are no longer included stand for a week', async () => {
    const zones = (from: number, to: number): Zones => ({
      'relay.example': [`v=spf1 ${many(to).slice(from).join(' ')} -all`],
    })
    space = await workspace({ 'mailsync.yaml': SPEC })
    await refresh(zones(0, 60), '2026-11-02')
    const first = await records()
    expect([...first.keys()].sort()).toEqual([
      '_spf1.example.com',
      '_spf2.example.com',
      '_spf3.example.com',
      'example.com',
    ])

    const grown = await refresh(zones(3, 90), '2026-11-09')
    expect(grown.stdout).toMatch(/^_spf4\.example\.com {2}is included from now on$/m)
    for (const [name, value] of await records())
      for (const term of (first.get(name) ?? '').split(' '))
        if (term.startsWith('ip4:198.51.') && !['0', '1', '2'].includes(term.split('.')[2] as string))
          expect(value.split(' ')).toContain(term)

    const shrunk = await refresh(zones(85, 90), '2026-11-16')
    expect(shrunk.stdout).toMatch(
      /^_spf1\.example\.com {2}is no longer included, and stands for 7 days more, as resolvers may know it as included$/m,
    )
    const now = await records()
    expect(now.get('example.com')).toBe(
      `v=spf1 ip4:192.0.2.1 ${many(90).slice(85).join(' ')} include:_spf.example.net ~all`,
    )
    expect(now.get('_spf1.example.com')).toContain(' ip4:198.51.20.1 ')
    expect((await refresh(zones(85, 90), '2026-11-22')).stdout).toBe('relay.example  unchanged\n')
    const over = await refresh(zones(85, 90), '2026-11-23')
    expect(over.stdout).toMatch(/^_spf1\.example\.com {2}is no longer needed$/m)
    expect([...(await records()).keys()]).toEqual(['example.com'])
  })

  test('where it is included again, its records stand for a week too', async () => {
    const zones: Zones = { 'relay.example': [`v=spf1 ${many(40).join(' ')} -all`] }
    space = await workspace({ 'mailsync.yaml': SPEC })
    await refresh(zones, '2026-11-02')
    await space.write('mailsync.yaml', SPEC.replace(', flatten: [relay.example]', ''))
    expect([...(await records()).keys()].sort()).toEqual(['_spf1.example.com', '_spf2.example.com', 'example.com'])
    expect((await refresh(zones, '2026-11-09')).stdout).toContain('_spf2.example.com  is no longer included')
    await refresh(zones, '2026-11-16')
    expect([...(await records()).keys()]).toEqual(['example.com'])
    expect((await refresh(zones)).stderr).toBe('Nothing is to be flattened: no domain of the spec has spf.flatten.\n')
  })
})
