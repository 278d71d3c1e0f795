import { expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import { planned, planText, problemLines } from '../worlds/plan-text.js'
import { type World, worldOf } from '../worlds/world.js'

const AROUND = '9.9.9.in-addr.arpa.' as Name
const INNER = `customer7.${AROUND}` as Name

const spec = (...zones: string[]) => `
providers: { dns: { class: yaml } }
zones:
${zones.map((zone) => `  ${zone}: { targets: [dns] }`).join('\n')}
hosts: { mail.example.com: { addresses: [9.9.9.10] } }
domains: {}
`

function cname(name: string, target: string): RRset {
  return { type: 'CNAME', name: name as Name, ttl: 300, rdata: [target as Name] }
}

async function worldWith(zones: Readonly<Record<string, readonly RRset[]>>): Promise<World & { reads: string[] }> {
  const reads: string[] = []
  const world = await worldOf(
    { dns: zones },
    {
      wrap: (provider) => ({
        ...provider,
        read: async (zone, signal) => {
          reads.push(zone)
          return provider.read(zone, signal)
        },
      }),
    },
  )
  return { ...world, reads }
}

test('a PTR moves to where the CNAME of a zone that is read leads, and no zone is read twice', async () => {
  const world = await worldWith({
    'example.com.': [],
    [AROUND]: [cname(`10.${AROUND}`, `10.${INNER}`)],
    [INNER]: [],
  })
  const plan = await planText(world, spec('example.com.', AROUND, INNER))
  expect(plan.failures).toEqual([])
  expect(planned(plan)).toContain(`dns: + 10.${INNER} PTR 3600 mail.example.com.`)
  expect(planned(plan).join()).not.toContain(`+ 10.${AROUND}`)
  expect(world.reads.sort()).toEqual([AROUND, INNER, 'example.com.'].sort())
  expect(problemLines(plan).join()).not.toContain('ptr-')
})

test('a warning that the CNAME leads elsewhere is gone once the zone it leads to is declared', async () => {
  const classless = `0/25.${AROUND}`
  const world = await worldWith({
    'example.com.': [],
    [AROUND]: [cname(`10.${AROUND}`, 'h10.rev.example.net.')],
    [classless]: [],
    'rev.example.net.': [],
  })
  const before = await planText(world, spec('example.com.', AROUND, classless))
  expect(problemLines(before).join()).toContain('receivers never see it')
  const after = await planText(world, spec('example.com.', AROUND, classless, 'rev.example.net.'))
  expect(planned(after)).toContain('dns: + h10.rev.example.net. PTR 3600 mail.example.com.')
  expect(problemLines(after).join()).not.toContain('receivers never see it')
})

test('CNAMEs in a circle lead nowhere', async () => {
  const world = await worldWith({
    'example.com.': [],
    [AROUND]: [cname(`10.${AROUND}`, `11.${AROUND}`), cname(`11.${AROUND}`, `10.${AROUND}`)],
  })
  const plan = await planText(world, spec('example.com.', AROUND))
  expect(plan.failures.map(({ zone, code }) => `${zone} ${code}`)).toEqual([`${AROUND} rejected`])
})
