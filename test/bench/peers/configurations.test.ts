import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import { never } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/yaml/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { isOctodnsAvailable } from '../../servers/octodns.js'
import { dnscontrolConfig, dnscontrolCreds } from './dnscontrol.js'
import { mailsyncPeer, mailsyncSpec } from './mailsync.js'
import { measuredRun } from './measured-run.js'
import { octodnsConfig, octodnsPeer } from './octodns.js'
import { benchZones, masterLines } from './zones.js'

const ZONES = benchZones(2)
const BIND = {
  kind: 'bind',
  host: '127.0.0.1',
  port: 5353,
  key: { name: 'bench', algorithm: 'hmac-sha256', secret: 'c2VjcmV0' },
} as const

let space: Workspace | undefined
afterEach(async () => {
  await space?.remove()
  space = undefined
})

describe('every tool is told the same zones', () => {
  test('each has 12 RRsets, two of them DKIM keys', () => {
    for (const { after } of ZONES) {
      expect(new Set(after.map(({ name, type }) => `${name} ${type}`)).size).toBe(12)
      expect(after.filter(({ values: [text] }) => text?.startsWith('v=DKIM1')).length).toBe(2)
    }
  })

  test('mailsync puts them there, and nothing else but its manifest', async () => {
    space = await workspace({})
    await mailsyncPeer().write(space.directory, ZONES, { kind: 'files' })
    expect((await space.run(['apply', '--yes'])).code).toBe(0)
    expect((await space.run(['plan'])).stdout).toContain('Nothing to do')
    const held = await rrsetsIn(space.path('zones'))
    await octodnsPeer().write(space.path('octodns'), ZONES, { kind: 'files' })
    expect(held.filter(({ name }) => !name.startsWith('_mailsync.'))).toEqual(
      await rrsetsIn(space.path('octodns/config')),
    )
    expect(held.length).toBe(13 * ZONES.length)
  })

  test.skipIf(!isOctodnsAvailable)('octoDNS puts them there', async () => {
    space = await workspace({})
    const peer = octodnsPeer()
    await peer.write(space.directory, ZONES, { kind: 'files' })
    expect(await measuredRun(peer.apply, space.directory)).toMatchObject({ code: 0 })
    expect(peer.isUnchanged(await measuredRun(peer.plan, space.directory))).toBe(true)
    expect(await rrsetsIn(space.path('zones'))).toEqual(await rrsetsIn(space.path('config')))
  })

  test('dnscontrol reads them from its JavaScript', () => {
    const wanted = ZONES.map(({ name, after }) => [
      name,
      after.flatMap(({ name: owner, type, values }) =>
        values.map((value) => [type, owner || '@', ...value.split(type === 'MX' ? ' ' : '\n')]),
      ),
    ])
    expect(declared(dnscontrolConfig(ZONES))).toEqual(wanted)
  })

  test('they are lines of a master file, with strings of 255 octets at most', () => {
    const lines = masterLines(ZONES[0]?.after ?? []).split('\n')
    expect(lines).toContain('@ 3600 IN MX 10 mx1.hosting.example.')
    for (const line of lines)
      for (const [, string = ''] of line.matchAll(/"([^"]*)"/g)) expect(string.length).toBeLessThan(256)
  })
})

describe('every tool is told where they are', () => {
  test('mailsync and octoDNS', () => {
    for (const text of [mailsyncSpec(ZONES, BIND), octodnsConfig(ZONES, BIND)]) {
      expect(text).toMatch(
        /host: 127\.0\.0\.1, port: 5353, key_name: bench, key_secret: 'c2VjcmV0', key_algorithm: hmac-sha256/,
      )
      for (const { name } of ZONES) expect(text).toContain(`  ${name}.: {`)
    }
  })

  test('dnscontrol', () => {
    expect(dnscontrolCreds({ kind: 'files' })).toMatchObject({ target: { TYPE: 'BIND', directory: 'zones' } })
    expect(dnscontrolCreds(BIND)).toMatchObject({
      target: { TYPE: 'AXFRDDNS', master: '127.0.0.1:5353', 'update-key': 'hmac-sha256:bench:c2VjcmV0' },
    })
  })
})

/** What files of octoDNS hold. */
async function rrsetsIn(directory: string): Promise<AnyRRset[]> {
  const zones = ZONES.map(({ name }) => `${name}.` as Name)
  const provider = await plugin.connect(plugin.options({ directory }), { directory, zones })
  const found = await Promise.all(zones.map((zone) => provider.read(zone, never)))
  return found.flat().sort((a, b) => (`${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1))
}

/** What a `dnsconfig.js` declares: each zone, with its records as they are called. */
function declared(script: string): unknown[] {
  const zones: unknown[] = []
  const record =
    (type: string) =>
    (...given: readonly unknown[]) => [type, ...given.map(String)]
  const words = Object.fromEntries(['A', 'AAAA', 'CNAME', 'MX', 'TXT'].map((type) => [type, record(type)]))
  runInNewContext(script, {
    ...words,
    NewRegistrar: (name: string) => name,
    NewDnsProvider: (name: string) => name,
    DnsProvider: (name: string) => name,
    DefaultTTL: () => [],
    NAMESERVER_TTL: () => [],
    D: (name: string, _registrar: string, _provider: string, ...modifiers: readonly unknown[][]) =>
      zones.push([name, modifiers.filter(({ length }) => length > 0)]),
  })
  return JSON.parse(JSON.stringify(zones))
}
