import { describe, expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import { applyPlan } from '../../src/apply/apply-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import type { PlanInput } from '../../src/plan/plan-input.js'
import { planned, planText, problemLines } from '../worlds/plan-text.js'
import { type World, worldOf } from '../worlds/world.js'

const AROUND = '9.9.9.in-addr.arpa.' as Name
const OTHER = '8.9.9.in-addr.arpa.' as Name
const LED = 'rev.example.net.' as Name
const CLASSLESS = `0/25.${AROUND}` as Name
const KEPT = `h10.${LED} PTR`

const spec = (zones: readonly string[], addresses = '9.9.9.10', more = '') => `
providers: { dns: { class: yaml } }
zones:
${zones.map((zone) => `  ${zone}: { targets: [dns] }`).join('\n')}
hosts:
  mail.example.com: { addresses: [${addresses}]${more} }
  other.example.com: { addresses: [9.9.8.20]${more} }
domains: {}
`
const ALL = ['example.com.', AROUND, OTHER, LED]

function cname(name: string, target: string): RRset {
  return { type: 'CNAME', name: name as Name, ttl: 300, rdata: [target as Name] }
}

/** A provider whose zone around the address has a CNAME into another zone. */
function led(zones: readonly string[] = ALL): Promise<World> {
  return worldOf({
    dns: Object.fromEntries(zones.map((zone) => [zone, zone === AROUND ? [cname(`10.${AROUND}`, `h10.${LED}`)] : []])),
  })
}

async function apply(world: World, text: string, options: Parameters<typeof planText>[2] = {}): Promise<Plan> {
  const plan = await planText(world, text, options)
  await applyPlan({ plan, providers: world.providers, parallel: 2, signal: new AbortController().signal })
  return plan
}

describe('a PTR that a CNAME leads to', () => {
  test('stays where the zone with the CNAME is not looked at, and the plan says why', async () => {
    const world = await led()
    expect(planned(await apply(world, spec(ALL)))).toContain(`dns: + ${KEPT} 3600 mail.example.com.`)
    expect(planned(await planText(world, spec(ALL)))).toEqual([])
    const plan = await planText(world, spec(ALL), { zone: [LED] })
    expect(plan.zones).toEqual([])
    expect(problemLines(plan).join()).toContain(`${KEPT} is left as it is: `)
    expect(plan.problems[0]?.hint).toContain(`--zone ${AROUND.slice(0, -1)}`)
  })

  test('goes with its host where the zone with the CNAME is looked at', async () => {
    const world = await led()
    await apply(world, spec(ALL))
    const plan = await planText(world, spec(ALL, '9.9.8.10'), { zone: [LED, AROUND, OTHER] })
    expect(planned(plan)).toContain(`dns: - ${KEPT}`)
    expect(problemLines(plan).join()).not.toContain('is left as it is')
  })

  test('goes with its host where no reverse name of the spec is in a zone that was not looked at', async () => {
    const world = await led()
    await apply(world, spec(ALL))
    const none = spec(ALL, '9.9.9.10', ', reverse: false')
    expect(planned(await planText(world, none, { zone: [LED] }))).toEqual([`dns: - ${KEPT}`])
  })
})

test('a PTR at the reverse name of an address goes where the zone is the only one that is looked at', async () => {
  const world = await led(['example.com.', OTHER, AROUND])
  const zones = ['example.com.', OTHER, AROUND]
  await apply(world, spec(zones, '9.9.8.10, 9.9.9.11'))
  const plan = await planText(world, spec(zones, '9.9.9.11'), { zone: [OTHER] })
  expect(planned(plan)).toEqual([`dns: - 10.${OTHER} PTR`])
})

test('a PTR is not made in a classless zone where the zone around it leads elsewhere', async () => {
  const zones = [...ALL, CLASSLESS]
  const world = await led(zones)
  await apply(world, spec(zones))
  const plan = await planText(world, spec(zones), { zone: [CLASSLESS] })
  expect(plan).toMatchObject({ zones: [], failures: [] })
})

test('a PTR to which a CNAME leads that only DNS shows stays where DNS is not asked', async () => {
  const zones = ['example.com.', OTHER, LED]
  const world = await worldOf({ dns: Object.fromEntries(zones.map((zone) => [zone, []])) })
  const openReverseDns: PlanInput['openReverseDns'] = async () => ({
    reverseOf: async (address) => ({ chain: address === '9.9.9.10' ? [`h10.${LED}` as Name] : [], names: [] }),
    ptrsAt: async () => [],
    addressesOf: async () => ({ addresses: [] }),
    close: () => {},
  })
  expect(planned(await apply(world, spec(zones), { openReverseDns }))).toContain(
    `dns: + ${KEPT} 3600 mail.example.com.`,
  )
  expect(planned(await planText(world, spec(zones), { openReverseDns }))).toEqual([])
  const plan = await planText(world, spec(zones))
  expect(planned(plan)).toEqual([])
  expect(problemLines(plan).join()).toContain(`a CNAME at 10.${AROUND}, which it did not look at`)
  const gone = spec(zones, '9.9.9.10', ', reverse: false')
  expect(planned(await planText(world, gone, { openReverseDns }))).toContain(`dns: - ${KEPT}`)
})
