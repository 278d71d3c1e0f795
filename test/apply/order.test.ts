import { describe, expect, test } from 'vitest'
import { subjectOf } from '../../records/rr/rrset.js'
import { orderSteps } from '../../src/apply/order.js'
import { changeLine, planText } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'
import { applied } from './applied.js'

const HEAD = `providers: { one: { class: memory } }
zones: { a.example: { targets: [one] }, b.example: { targets: [one] }, 2.0.192.in-addr.arpa: { targets: [one] } }
defaults: { dkim: false, dmarc: false, spf: { addresses: [198.51.100.1] } }
`

/** The steps that lead from one spec, applied, to another: `stage zone: changes`. */
async function steps(before: string, after: string): Promise<string[]> {
  const world = await worldOf({ one: { 'a.example.': [], 'b.example.': [], '2.0.192.in-addr.arpa.': [] } })
  await applied(world, await planText(world, HEAD + before))
  const { zones } = await planText(world, HEAD + after)
  return orderSteps(zones).map(
    ({ stage, plan, changes }) =>
      `${stage} ${plan.zone}: ${changes.map((change) => changeLine(change).split(' ', 3).join(' ')).join(', ')}`,
  )
}

const host = (name: string, address: string, more = '') =>
  `${name}: { addresses: [${address}], reverse: false, helo_spf: false${more} }`
const nothing = 'domains: {}'

describe('a zone that relies on no other is one write', () => {
  test('what is relied on first', async () => {
    const spec = `hosts: { ${host('mail.a.example', '192.0.2.1')} }\ndomains: { a.example: { mx: [mail.a.example] } }`
    expect(await steps(nothing, spec)).toEqual([
      'rely a.example.: + mail.a.example. A, + a.example. TXT, + a.example. MX',
    ])
  })

  test('and what relies goes first when all of it goes', async () => {
    const spec = `hosts: { ${host('mail.a.example', '192.0.2.1')} }\ndomains: { a.example: { mx: [mail.a.example] } }`
    expect(await steps(spec, nothing)).toEqual([
      'rely a.example.: - a.example. MX, - a.example. TXT, - mail.a.example. A',
    ])
  })

  test('an SPF that another one includes before it, and after it when both go', async () => {
    const spec = 'domains: { a.example: { spf: { include: [z.a.example] } }, z.a.example: {} }'
    expect(await steps(nothing, spec)).toEqual(['rely a.example.: + z.a.example. TXT, + a.example. TXT'])
    expect(await steps(spec, nothing)).toEqual(['rely a.example.: - a.example. TXT, - z.a.example. TXT'])
  })

  test('whatever its MX leads to elsewhere', async () => {
    expect(await steps(nothing, 'domains: { a.example: { mx: [mail.example.org] } }')).toEqual([
      'rely a.example.: + a.example. TXT, + a.example. MX',
    ])
  })

  test('and so are two that have nothing to do with each other', async () => {
    const spec = `hosts: { ${host('mail.a.example', '192.0.2.1')}, ${host('mail.b.example', '192.0.2.2')} }
domains: { a.example: { mx: [mail.a.example] }, b.example: { mx: [mail.b.example] } }`
    expect((await steps(nothing, spec)).map((step) => step.split(':')[0])).toEqual([
      'rely a.example.',
      'rely b.example.',
    ])
  })
})

describe('an address that another zone is to lead to', () => {
  test('is made before, by one write a zone', async () => {
    const spec = `hosts: { ${host('mail.b.example', '192.0.2.1')} }\ndomains: { a.example: { mx: [mail.b.example] } }`
    expect(await steps(nothing, spec)).toEqual([
      'rely a.example.: + a.example. TXT, + a.example. MX',
      'make b.example.: + mail.b.example. A',
    ])
  })

  test('is made before the PTR that leads back to it', async () => {
    const spec = 'hosts: { mail.a.example: { addresses: [192.0.2.1], helo_spf: false } }\ndomains: {}'
    expect(await steps(nothing, spec)).toEqual([
      'rely 2.0.192.in-addr.arpa.: + 1.2.0.192.in-addr.arpa. PTR',
      'make a.example.: + mail.a.example. A',
    ])
  })

  test('splits a zone only where each leads to the other', async () => {
    const spec = `hosts: { ${host('mail.a.example', '192.0.2.1')}, ${host('mail.b.example', '192.0.2.2')} }
domains: { a.example: { mx: [mail.b.example] }, b.example: { mx: [mail.a.example] } }`
    expect(await steps(nothing, spec)).toEqual([
      'make a.example.: + mail.a.example. A',
      'rely a.example.: + a.example. TXT, + a.example. MX',
      'make b.example.: + mail.b.example. A',
      'rely b.example.: + b.example. TXT, + b.example. MX',
    ])
  })

  test('that stood before is waited for by nobody', async () => {
    const one = `hosts: { ${host('mail.b.example', '192.0.2.1')} }\n`
    expect(await steps(`${one}domains: {}`, `${one}domains: { a.example: { mx: [mail.b.example] } }`)).toEqual([
      'rely a.example.: + a.example. TXT, + a.example. MX',
    ])
  })
})

describe('an address that another zone still leads to', () => {
  const before = `hosts: { ${host('mail.b.example', '192.0.2.1')} }\ndomains: { a.example: { mx: [mail.b.example] } }`

  test('goes after', async () => {
    expect(await steps(before, nothing)).toEqual([
      'rely a.example.: - a.example. MX, - a.example. TXT',
      'break b.example.: - mail.b.example. A',
    ])
  })

  test('goes after the MX has moved to another host, which was made before', async () => {
    const after = `hosts: { ${host('new.b.example', '192.0.2.1')} }\ndomains: { a.example: { mx: [new.b.example] } }`
    expect(await steps(before, after)).toEqual([
      'rely a.example.: ~ a.example. MX'.replace('', ''),
      'make b.example.: + new.b.example. A',
      'break b.example.: - mail.b.example. A',
    ])
  })

  test('goes after the MX of the other, also where each leads to the other', async () => {
    const both = `hosts: { ${host('mail.a.example', '192.0.2.1')}, ${host('mail.b.example', '192.0.2.2')} }
domains: { a.example: { mx: [mail.b.example] }, b.example: { mx: [mail.a.example] } }`
    expect(await steps(both, nothing)).toEqual([
      'rely a.example.: - a.example. MX, - a.example. TXT',
      'break a.example.: - mail.a.example. A',
      'rely b.example.: - b.example. MX, - b.example. TXT',
      'break b.example.: - mail.b.example. A',
    ])
  })
})

describe('an SPF that another zone is to include', () => {
  const spec = 'domains: { a.example: { spf: { include: [_spf.b.example] } }, _spf.b.example: {} }'

  test('is made before, and goes after', async () => {
    expect(await steps(nothing, spec)).toEqual([
      'rely a.example.: + a.example. TXT',
      'make b.example.: + _spf.b.example. TXT',
    ])
    expect(await steps(spec, nothing)).toEqual([
      'rely a.example.: - a.example. TXT',
      'break b.example.: - _spf.b.example. TXT',
    ])
  })

  test('is made before where the other has an SPF without it', async () => {
    const before = 'domains: { a.example: {} }'
    expect(await steps(before, spec)).toEqual([
      'rely a.example.: ~ a.example. TXT',
      'make b.example.: + _spf.b.example. TXT',
    ])
    expect(await steps(spec, before)).toEqual([
      'rely a.example.: ~ a.example. TXT',
      'break b.example.: - _spf.b.example. TXT',
    ])
  })

  test('splits a zone only where each includes something of the other', async () => {
    const crossed = `domains: { a.example: { spf: { include: [_spf.b.example] } }, b.example: { spf: { include: [_spf.a.example] } },
  _spf.a.example: {}, _spf.b.example: {} }`
    expect(await steps(nothing, crossed)).toEqual([
      'make a.example.: + _spf.a.example. TXT',
      'rely a.example.: + a.example. TXT',
      'make b.example.: + _spf.b.example. TXT',
      'rely b.example.: + b.example. TXT',
    ])
  })

  test('is made at every provider of a zone before it is included at any', async () => {
    const world = await worldOf({ one: { 'a.example.': [] }, two: { 'a.example.': [] } })
    const two = `providers: { one: { class: memory }, two: { class: memory } }
zones: { a.example: { targets: [one, two] } }
defaults: { dkim: false, dmarc: false, spf: { addresses: [198.51.100.1] } }
domains: { a.example: { spf: { include: [_spf.a.example] } }, _spf.a.example: {} }`
    const { zones } = await planText(world, two)
    expect(
      orderSteps(zones).map(
        ({ stage, plan, changes }) => `${stage} ${plan.provider}: ${changes.map((change) => subjectOf(change).name)}`,
      ),
    ).toEqual([
      'make one: _spf.a.example.',
      'rely one: a.example.',
      'make two: _spf.a.example.',
      'rely two: a.example.',
    ])
  })
})
