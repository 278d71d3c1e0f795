import { afterEach, describe, expect, test } from 'vitest'
import { checkHost } from '../../records/families/spf/evaluate/check-host.js'
import { dnsOf, type Zones } from '../records/families/spf/zones.js'
import { startZonesDns } from '../servers/zones-dns.js'
import { type Ran, type Workspace, workspace } from './workspace.js'

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

async function refresh(zones: Zones): Promise<Ran> {
  const dns = await startZonesDns(zones)
  try {
    return await space.run(['spf', 'refresh', '--resolver', `${dns.host}:${dns.port}`])
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
})
