import { expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { applied } from '../apply/applied.js'
import { planned, planText } from '../worlds/plan-text.js'
import { type World, worldOf } from '../worlds/world.js'

const spec = (...hosts: string[]) => `
providers: { dns: { class: yaml } }
zones:
  example.com: { targets: [dns] }
  9.9.9.in-addr.arpa: { targets: [dns] }
  8.8.8.in-addr.arpa: { targets: [dns] }
hosts:
${hosts.map((host) => `  ${host}\n`).join('')}
domains: {}
`
const A = 'a.example.com: { addresses: [9.9.9.10], helo_spf: false }'
const B = 'b.example.com: { addresses: [9.9.9.11], helo_spf: false }'

const world = (): Promise<World> =>
  worldOf({ dns: { 'example.com.': [], '9.9.9.in-addr.arpa.': [], '8.8.8.in-addr.arpa.': [] } })

/** What a change of the hosts changes in DNS, in the order in which it is written; then nothing is left to do. */
async function moved(from: readonly string[], to: readonly string[]): Promise<string[]> {
  const held = await world()
  await applied(held, await planText(held, spec(...from)))
  const order: string[] = []
  const [dns] = held.providers.values()
  if (!dns) throw new Error('there is no provider')
  const { provider } = dns
  const watched = {
    ...provider,
    write: async (...args: Parameters<typeof provider.write>) => {
      order.push(args[0])
      return provider.write(...args)
    },
  }
  const next = { ...held, providers: new Map([['dns', { ...dns, provider: watched }]]) }
  const plan = await planText(next, spec(...to))
  expect(plan.failures).toEqual([])
  await applied(next, plan)
  expect(planned(await planText(next, spec(...to)))).toEqual([])
  return [...planned(plan).map((line) => line.replace('dns: ', '')), `order: ${order.join(' ')}`]
}

test('several names on one address: one has the PTR, the others say so', async () => {
  const held = await world()
  const alias = 'c.example.com: { addresses: [9.9.9.10], reverse: false, helo_spf: false }'
  const plan = await planText(held, spec(A, alias))
  expect(planned(plan)).toEqual([
    'dns: + 10.9.9.9.in-addr.arpa. PTR 3600 a.example.com.',
    'dns: + a.example.com. A 3600 9.9.9.10',
    'dns: + c.example.com. A 3600 9.9.9.10',
  ])
  const both = await planText(held, spec(A, alias.replace(', reverse: false', '')))
  expect(both.problems.map(({ rule }) => rule)).toContain('ptr-two-names')
})

test('one name on several addresses: a PTR each, and each leads back', async () => {
  const held = await world()
  const plan = await planText(held, spec('a.example.com: { addresses: [9.9.9.10, 8.8.8.10], helo_spf: false }'))
  expect(planned(plan)).toEqual([
    'dns: + 10.8.8.8.in-addr.arpa. PTR 3600 a.example.com.',
    'dns: + 10.9.9.9.in-addr.arpa. PTR 3600 a.example.com.',
    'dns: + a.example.com. A 3600 8.8.8.10 | 9.9.9.10',
  ])
})

test('a host that moves to another address: first the new address, then its PTR, and the old PTR goes', async () => {
  const to = A.replace('9.9.9.10', '8.8.8.20')
  expect(await moved([A], [to])).toEqual([
    '+ 20.8.8.8.in-addr.arpa. PTR 3600 a.example.com.',
    '- 10.9.9.9.in-addr.arpa. PTR',
    '~ a.example.com. A 3600 8.8.8.20',
    expect.stringMatching(/^order: example\.com\. /),
  ])
})

test('an address that moves to another host: its one PTR is changed, and never two stand there', async () => {
  const to = ['a.example.com: { addresses: [9.9.9.12], helo_spf: false }', B.replace('9.9.9.11', '9.9.9.10')]
  expect(await moved([A, B], to)).toEqual([
    '~ 10.9.9.9.in-addr.arpa. PTR 3600 b.example.com.',
    '- 11.9.9.9.in-addr.arpa. PTR',
    '+ 12.9.9.9.in-addr.arpa. PTR 3600 a.example.com.',
    '~ a.example.com. A 3600 9.9.9.12',
    '~ b.example.com. A 3600 9.9.9.10',
    expect.stringMatching(/^order: example\.com\. 9\.9\.9/),
  ])
})

test('two hosts that change their addresses: each PTR follows', async () => {
  const to = [A.replace('9.9.9.10', '9.9.9.11'), B.replace('9.9.9.11', '9.9.9.10')]
  expect((await moved([A, B], to)).filter((line) => line.includes('PTR'))).toEqual([
    '~ 10.9.9.9.in-addr.arpa. PTR 3600 b.example.com.',
    '~ 11.9.9.9.in-addr.arpa. PTR 3600 a.example.com.',
  ])
})

test('a host that is removed: the PTR goes before the address, and the other host stays', async () => {
  expect(await moved([A, B], [B])).toEqual([
    '- 10.9.9.9.in-addr.arpa. PTR',
    '- a.example.com. A',
    'order: 9.9.9.in-addr.arpa. example.com.',
  ])
})

test('a host that is removed and whose PTR was there before mailsync keeps it', async () => {
  const held = await worldOf({
    dns: {
      'example.com.': [],
      '8.8.8.in-addr.arpa.': [],
      '9.9.9.in-addr.arpa.': [
        { type: 'PTR', name: '10.9.9.9.in-addr.arpa.' as Name, ttl: 3600, rdata: ['a.example.com.' as Name] },
      ],
    },
  })
  await applied(held, await planText(held, spec(A)))
  expect(planned(await planText(held, spec(B))).filter((line) => line.includes('10.9.9.9'))).toEqual([])
})
