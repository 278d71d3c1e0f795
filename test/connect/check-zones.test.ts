import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicDns } from '../../providers/dns/client/public-dns.js'
import type { Provider, ZoneCheck } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import type { MailSpec } from '../../records/spec.js'
import { checkZones } from '../../src/connect/check/check-zones.js'
import type { ZoneReport } from '../../src/connect/check/zone-report.js'
import { load } from '../config/load.js'
import { rrset } from '../records/zone-fixtures.js'
import { replyTo, type ScriptedDns, startScriptedDns } from '../servers/scripted-dns.js'
import { worldOf } from '../worlds/world.js'

/** What the world says about the delegation of example.com. */
let world: readonly string[] = []
let server: ScriptedDns
beforeAll(async () => {
  server = await startScriptedDns((query) => {
    const answers = world.map((data) => ({ type: 'NS', name: 'example.com', ttl: 60, data }) as const)
    return replyTo(query, { rcode: world.length === 0 ? 3 : 0, answers })
  })
})
afterAll(() => server.close())

async function report(more: Partial<Provider>): Promise<ZoneReport | undefined> {
  const { spec } = await load(
    'providers: { one: { class: x } }\nzones: { example.com: { targets: [one] } }\ndomains: {}\n',
  )
  const { providers } = await worldOf(
    { one: { 'example.com.': [rrset('@ 60 NS ns1.example.net. | ns2.example.net.')] } },
    { wrap: (provider) => ({ ...provider, ...more }) },
  )
  const { resolver, close } = publicDns({ resolver: `127.0.0.1:${server.port}` })
  const context = { resolver, parallel: 2, signal: new AbortController().signal }
  const reports = await checkZones({ spec: spec as MailSpec, keys: [] }, { providers, failures: new Map() }, context)
  close()
  return reports[0]
}

const check =
  (nameServers: readonly string[], more: Partial<ZoneCheck> = {}) =>
  async (): Promise<ZoneCheck> => ({ writable: 'yes', nameServers: nameServers as readonly Name[], ...more })

describe('a zone is said to be', () => {
  test.each([
    ['delegated', ['NS1.example.net', 'ns2.example.net'], 'delegated to ns1.example.net., ns2.example.net.'],
    [
      'delegated in part',
      ['ns1.example.net', 'old.example.org'],
      'delegated in part: the world asks ns1.example.net., old.example.org., this provider answers at ns1.example.net., ns2.example.net.',
    ],
    [
      'delegated elsewhere',
      ['old.example.org'],
      'NOT delegated here: the world asks old.example.org., this provider answers at ns1.example.net., ns2.example.net.',
    ],
    [
      'unknown to the world',
      [],
      'the world knows no such zone (NXDOMAIN); this provider answers at ns1.example.net., ns2.example.net.',
    ],
  ])('%s', async (_, seen, delegation) => {
    world = seen
    expect(await report({ check: check(['ns1.example.net.', 'ns2.example.net.']) })).toMatchObject({ delegation })
  })
})

test('what the provider remarks is passed on', async () => {
  expect(await report({ check: check([], { writable: 'no', remarks: ['paused'] }) })).toEqual({
    zone: 'example.com.',
    provider: 'one',
    writable: 'no',
    delegation: 'the provider names no name servers, so the delegation cannot be compared',
    remarks: ['paused'],
  })
})

test('a provider that cannot check is asked for the zone, and its name servers', async () => {
  world = ['ns1.example.net', 'ns2.example.net']
  expect(await report({})).toMatchObject({
    writable: 'unknown',
    delegation: 'delegated to ns1.example.net., ns2.example.net.',
  })
})

test('a provider that fails says why', async () => {
  const failing = () => Promise.reject(new MailsyncError('authentication', 'wrong token'))
  expect(await report({ check: failing })).toMatchObject({
    failure: { code: 'authentication', message: 'wrong token' },
    writable: 'unknown',
  })
})
