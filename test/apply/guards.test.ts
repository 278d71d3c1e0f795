import { describe, expect, test } from 'vitest'
import type { RRset } from '../../records/rr/rrset.js'
import { isUnsound, refusals } from '../../src/apply/guards.js'
import type { Plan } from '../../src/plan/plan.js'
import { rrset } from '../records/zone-fixtures.js'
import { planText } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const HEAD = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
defaults: { dkim: false, dmarc: false, spf: { addresses: [198.51.100.1] } }
`
const none = { adopt: false, force: false }
const planOf = async (rest: string, ...held: RRset[]): Promise<Plan> =>
  planText(await worldOf({ one: { 'example.com.': held } }), HEAD + rest)
const guards = (plan: Plan, options = none): string[] =>
  refusals(plan, options).map(({ guard, message }) => `${guard}: ${message}`)

describe('a value that mailsync did not write', () => {
  const mx = 'domains: { example.com: { mx: none } }\n'
  const foreign = rrset('@ 3600 MX 10 mx.example.net. | 20 mx2.example.net.')

  test('is not replaced without --adopt', async () => {
    const plan = await planOf(mx, foreign)
    expect(guards(plan)).toEqual([
      'adopt: example.com. MX (mx) holds a value that mailsync did not write: 10 mx.example.net., 20 mx2.example.net.',
    ])
    expect(guards(plan, { ...none, force: true })).toHaveLength(1)
    expect(guards(plan, { ...none, adopt: true })).toEqual([])
  })

  test('is named alone, not the strangers beside it, which stay', async () => {
    const plan = await planOf(mx, rrset('@ 60 TXT google=1 | v=spf1 -all'))
    expect(guards(plan)).toEqual([
      'adopt: example.com. TXT (spf) holds a value that mailsync did not write: v=spf1 -all',
    ])
  })

  test('that differs in its TTL alone is told with it', async () => {
    expect(guards(await planOf(mx, rrset('@ 60 MX 0 .')))).toEqual([
      'adopt: example.com. MX (mx) holds a value that mailsync did not write: 0 . (TTL 60, and the spec wants 3600)',
    ])
  })

  test('that is as the spec wants it stands in nobody’s way', async () => {
    expect(guards(await planOf(mx, rrset('@ 3600 MX 0 .')))).toEqual([])
  })
})

describe('deleting much of what is owned', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `h${index}`)
  /** A zone in which so many hosts are owned, and a spec that still wants some of them. */
  const shrink = async (owned: number, wanted: number): Promise<Plan> => {
    const hosts = names(wanted).map(
      (name) => `${name}.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false }`,
    )
    return planOf(
      `hosts: { ${hosts.join(', ')} }\ndomains: {}\n`,
      ...names(owned).map((name) => rrset(`${name} 3600 A 192.0.2.1`)),
      rrset(`_mailsync 3600 TXT v=mailsync1; owner=default; host.A=${names(owned).join(',')}`),
    )
  }

  test.each([
    ['2 of 2', 2, 0, false],
    ['3 of 10, exactly 30 %', 10, 7, false],
    ['4 of 10', 10, 6, true],
    ['3 of 9', 9, 6, true],
    ['3 of 3', 3, 0, true],
  ])('%s', async (_, owned, wanted, isRefused) => {
    const plan = await shrink(owned, wanted)
    expect(plan.zones[0]).toMatchObject({ owned, removed: owned - wanted })
    expect(refusals(plan, none).map(({ guard }) => guard)).toEqual(isRefused ? ['deletes'] : [])
  })

  test('needs --force, and --adopt does not do', async () => {
    const plan = await shrink(10, 0)
    const message = '10 of the 10 records that mailsync owns in example.com. would be deleted'
    expect(guards(plan)).toEqual([`deletes: ${message}`])
    expect(guards(plan, { adopt: true, force: false })).toEqual([`deletes: ${message}`])
    expect(guards(plan, { adopt: false, force: true })).toEqual([])
  })

  test('is not meant where they are gone already', async () => {
    const plan = await planOf('domains: {}\n', rrset('_mailsync 3600 TXT v=mailsync1; owner=default; host.A=a,b,c,d'))
    expect(guards(plan)).toEqual([])
  })
})

describe('a plan with errors', () => {
  test('about the spec as a whole is not sound', async () => {
    const plan = await planOf('domains: { example.com: { mx: [mail.example.com] } }\n')
    expect(plan.problems.map(({ rule }) => rule)).toContain('mx-target-without-address')
    expect(isUnsound(plan)).toBe(true)
  })

  test('about one zone is: only that zone is left out', async () => {
    const plan = await planOf('domains: { example.com: { mx: none } }\n', rrset('_mailsync 60 CNAME x.example.'))
    expect(plan).toMatchObject({ zones: [], failures: [{ code: 'rejected' }] })
    expect(isUnsound(plan)).toBe(false)
  })

  test('and one with warnings and notes only is', async () => {
    const plan = await planOf('domains: { example.com: { mx: none, spf: {} } }\n')
    expect(isUnsound(plan)).toBe(false)
  })
})
