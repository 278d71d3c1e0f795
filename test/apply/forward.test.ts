import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Address } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import type { AwaitForward } from '../../src/apply/await-forward.js'
import { forwardWaiter } from '../../src/apply/await-forward.js'
import { missingServer, serverAvailable } from '../servers/dns-server.js'
import { type DnsTree, startDnsTree } from '../servers/dns-tree.js'
import { planned, planText } from '../worlds/plan-text.js'
import { type World, worldOf } from '../worlds/world.js'
import { apply, outcomes } from './applied.js'

const HOST = 'mail.example.com' as Name
const spec = `
providers: { web: { class: yaml }, owner: { class: yaml } }
zones: { example.com: { targets: [web] }, 9.9.9.in-addr.arpa: { targets: [owner] } }
hosts:
  mail.example.com: { addresses: [9.9.9.10] }
  mx.example.com: { addresses: [9.9.9.11] }
domains: {}
`

/** A provider of addresses that refuses a PTR before its forward name, and what it was asked to write when. */
async function worldWith(order: string[]): Promise<World> {
  const world = await worldOf(
    { web: { 'example.com.': [] }, owner: { '9.9.9.in-addr.arpa.': [] } },
    {
      wrap: (provider, name) => ({
        ...provider,
        write: async (zone, changes, signal) => {
          order.push(`${name} writes`)
          return provider.write(zone, changes, signal)
        },
      }),
    },
  )
  const owner = world.providers.get('owner')
  if (!owner) throw new Error('there is no owner')
  const plugin = { ...owner.plugin, traits: { ...owner.plugin.traits, needsForward: true } }
  return { ...world, providers: new Map([...world.providers, ['owner', { ...owner, plugin }]]) }
}

const HOSTS = '+ 10.9.9.9.in-addr.arpa. PTR 3600 mail.example.com.'

describe('a PTR at a provider that wants its address first', () => {
  test('is written after the address, and after every server shows that', async () => {
    const order: string[] = []
    const world = await worldWith(order)
    const awaitForward: AwaitForward = async (needs) => {
      order.push(`waits for ${needs.map(({ name, address }) => `${name} ${address}`).join(', ')}`)
      return new Map()
    }
    const result = await apply(world, await planText(world, spec), { awaitForward })
    expect(result.zones.flatMap(({ failure }) => failure ?? [])).toEqual([])
    expect(order).toEqual([
      'web writes',
      'waits for mail.example.com. 9.9.9.10, mx.example.com. 9.9.9.11',
      'owner writes',
    ])
  })

  test('is left to the next apply where the address does not show, and the others are written', async () => {
    const world = await worldWith([])
    const unseen = new Map([['9.9.9.11' as Address, 'ns2.example.net. does not show it']])
    const result = await apply(world, await planText(world, spec), { awaitForward: async () => unseen })
    const [owner] = outcomes(result).filter(({ zone }) => zone === '9.9.9.in-addr.arpa.')
    expect(owner?.applied).toContain(HOSTS)
    expect(owner).toMatchObject({
      pending: ['+ 11.9.9.9.in-addr.arpa. PTR 3600 mx.example.com.'],
      failure: 'forward-missing',
    })
    const failure = result.zones.find(({ zone }) => zone === '9.9.9.in-addr.arpa.')?.failure
    expect(failure?.message).toBe('the PTR of 9.9.9.11 is not set yet: ns2.example.net. does not show it')
    expect(failure?.hint).toContain('apply again after every name server shows the address of mx.example.com')
    const next = await planText(world, spec)
    expect(planned(next)).toEqual(['owner: + 11.9.9.9.in-addr.arpa. PTR 3600 mx.example.com.'])
    await apply(world, next, { awaitForward: async () => new Map() })
    expect(planned(await planText(world, spec))).toEqual([])
  })

  test('waits for nothing where it goes', async () => {
    const world = await worldWith([])
    await apply(world, await planText(world, spec), { awaitForward: async () => new Map() })
    const gone = await planText(world, spec.replaceAll(/^ {2}m.*\n/gm, '').replace('hosts:\n', ''))
    const asked: unknown[] = []
    await apply(world, gone, {
      awaitForward: async (needs) => {
        asked.push(needs)
        return new Map()
      },
    })
    expect(asked).toEqual([])
  })
})

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('skipped', () => {}))
else
  describe('the wait for an address, at two BINDs', () => {
    let tree: DnsTree
    const NS = '@ NS ns1.example.com.\n@ NS ns2.example.com.\nns1 A 127.0.0.3\nns2 A 127.0.0.4'
    beforeAll(async () => {
      tree = await startDnsTree({
        '127.0.0.2': {
          '.': '@ NS ns.\nns A 127.0.0.2\nexample.com NS ns1.example.com.\nexample.com NS ns2.example.com.\nns1.example.com A 127.0.0.3\nns2.example.com A 127.0.0.4',
        },
        '127.0.0.3': { 'example.com.': NS },
        '127.0.0.4': { 'example.com.': NS },
      })
    })
    afterAll(() => tree?.stop())
    const told: string[] = []
    const waiter = (limit: number, signal = new AbortController().signal) =>
      forwardWaiter({
        resolver: `${tree.resolver.host}:${tree.resolver.port}`,
        port: tree.port,
        limit,
        signal,
        report: (message) => void told.push(message),
      })
    const needs = [{ name: `${HOST}.` as Name, address: '192.0.2.10' as Address }]
    const add = (host: string) => tree.server(host).nsupdate(`zone example.com.\nupdate add ${HOST}. 60 A 192.0.2.10`)

    test('ends unseen in time, then goes on as soon as the last of them shows it', async () => {
      expect([...(await waiter(1)(needs)).values()]).toEqual([
        'mail.example.com A 192.0.2.10 is not shown by ns1.example.com. and ns2.example.com.',
      ])
      await add('127.0.0.3')
      expect([...(await waiter(0)(needs)).values()]).toEqual([
        'mail.example.com A 192.0.2.10 is not shown by ns2.example.com.',
      ])
      const waiting = waiter(60)(needs)
      setTimeout(() => void add('127.0.0.4'), 500)
      expect([...(await waiting)]).toEqual([])
      expect(told.join('\n')).toMatch(/waiting for the address before its PTR: .* \(\d+ s left\)/)
    })

    test('ends when the run is stopped', async () => {
      const stop = new AbortController()
      const waiting = waiter(60, stop.signal)([{ name: 'none.example.com.' as Name, address: '192.0.2.11' as Address }])
      setTimeout(() => stop.abort(), 300)
      expect((await waiting).size).toBe(1)
    })
  })
