import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { customers } from '../fleet/shards/fleet.js'
import { type Workspace, workspace } from './workspace.js'

const CUSTOMERS = customers(40)
const ZONES = ['hosts.example', '2.0.192.in-addr.arpa', ...CUSTOMERS]

const spec = (host: string, addresses: string, domains = CUSTOMERS): string =>
  [
    'providers: { local: { class: yaml, directory: ./zones } }',
    'zones:',
    ...ZONES.map((zone) => `  ${zone}.: { targets: [local] }`),
    'hosts:',
    `  ${host}: { addresses: [${addresses}] }`,
    'domains:',
    ...domains.map((zone) => `  ${zone}: { mx: [${host}], dkim: false, dmarc: false }`),
    '',
  ].join('\n')

const OLD = spec('old.hosts.example', '192.0.2.10')
const NEW = spec('new.hosts.example', '192.0.2.20')

let fleet: Workspace

beforeEach(async () => {
  const files = ZONES.map((zone) => [`zones/${zone}.yaml`, '---\n{}\n'] as const)
  fleet = await workspace({ 'mailsync.yaml': OLD, ...Object.fromEntries(files) })
})

afterEach(() => fleet.remove())

const shards = async (...args: string[]): Promise<string[]> => {
  const { stdout } = await fleet.run(['shards', '--json', ...args])
  return (JSON.parse(stdout) as { include: { shard: string }[] }).include.map(({ shard }) => shard)
}

const planned = (count: number, but: readonly string[] = []): Promise<string[]> =>
  shards('--count', String(count)).then((all) =>
    Promise.all(
      all
        .filter((shard) => !but.includes(shard))
        .map(async (shard) => {
          const file = fleet.path(`plan-${shard.replace('/', '-')}.json`)
          expect((await fleet.run(['plan', '--shard', shard, '--out', file])).code).toBe(0)
          return file
        }),
    ),
  )

const zoneFile = (zone: string): Promise<string> => fleet.read(`zones/${zone}.yaml`)

describe('mailsync shards', () => {
  test('deals out no zones that only a provider knows, and neither does merge', async () => {
    const file = fleet.path('plan.json')
    await fleet.run(['plan', '--out', file])
    await fleet.write(
      'mailsync.yaml',
      OLD.replace('hosts.example.: {', "'*': { targets: [local] }\n  hosts.example.: {"),
    )
    for (const line of [['shards'], ['merge', file]])
      expect(await fleet.run(line)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("which zones '*' stands for is not known"),
      })
  })

  test('makes no plan of half a shard to be merged', async () => {
    const line = ['plan', '--shard', '1/2', '--zone', 'hosts.example.', '--out', fleet.path('half.json')]
    expect(await fleet.run(line)).toMatchObject({ code: 1, stderr: expect.stringContaining('--zone and --domain') })
  })

  test('names those that have zones, and those that others lead to', async () => {
    const all = await shards('--count', '200')
    expect(all.length).toBeGreaterThan(30)
    expect(all.length).toBeLessThanOrEqual(42)
    expect(await shards('--count', '200', '--phase', 'first')).toHaveLength(1)
  })

  test('says it to people', async () => {
    const { stdout } = await fleet.run(['shards', '--zones-per-shard', '14'])
    expect(stdout).toMatch(/^42 zones, in 3 shards:\n( {2}[123]\/3 {2}\d+ zones\n){3}Apply with --phase first: ./)
  })

  test('is one where there is little to do', async () => {
    expect((await fleet.run(['shards'])).stdout).toBe('42 zones, in 1 shard:\n  1/1  42 zones\n')
  })

  test.each([
    [['--count', '257'], 'that would be 257 shards, and a matrix of GitHub Actions has at most 256'],
    [['--count', '2', '--zones-per-shard', '2'], '--count and --zones-per-shard exclude each other'],
    [['--count', '0'], '--count takes a whole number from 1'],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await fleet.run(['shards', ...args])
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})

describe('the plans of all shards', () => {
  test('merged are the plan of one process', async () => {
    const whole = await fleet.run(['plan', '--format', 'json'])
    const merged = await fleet.run(['merge', ...(await planned(3)), '--format', 'json'])
    expect(merged).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(merged.stdout)).toEqual(JSON.parse(whole.stdout))
  })

  test('without one of them are shown, and not carried out', async () => {
    const files = await planned(3, ['2/3'])
    const { code, stdout } = await fleet.run(['merge', ...files, '--out', fleet.path('plan.json')])
    expect(code).toBe(1)
    expect(stdout).toMatch(/the plan of shard 2\/3 is missing: \d+ zones were not looked at/)
    expect(stdout).toContain('1 shard is missing, so nothing can be applied.')
    const applied = await fleet.run(['apply', fleet.path('plan.json'), '--yes'])
    expect(applied.code).toBe(3)
  })

  test.each([
    ['twice', (files: string[]) => [...files, files[0] as string], 'are both plans of shard'],
    ['none', () => [], 'name the plans of the shards'],
  ])('are refused where there is one %s', async (_, chosen, message) => {
    const { code, stderr } = await fleet.run(['merge', ...chosen(await planned(2))])
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })

  test('are refused where the spec was edited in between: it means something else', async () => {
    const [one, two] = (await planned(2)) as [string, string]
    await fleet.write('mailsync.yaml', `# A comment is no edit of what it means.\n${OLD}`)
    await planned(2, ['1/2'])
    expect(await fleet.run(['merge', one, two])).toMatchObject({ code: 0 })
    await fleet.write('mailsync.yaml', OLD.replace('c7.example: {', 'c7.example: { ttl: 60,'))
    await planned(2, ['1/2'])
    const { code, stderr } = await fleet.run(['merge', one, two])
    expect(code).toBe(1)
    expect(stderr).toContain('are no plans of one run: the spec or its keys were changed in between')
    expect(stderr).toContain('plan all shards again, of the same commit')
  })

  test('are refused where they were dealt out otherwise, or are of no shard', async () => {
    const [two] = await planned(2)
    const [three] = await planned(3)
    expect((await fleet.run(['merge', two as string, three as string])).stderr).toContain('other shards: 2 and 3')
    await fleet.run(['plan', '--out', fleet.path('whole.json')])
    expect((await fleet.run(['merge', fleet.path('whole.json')])).stderr).toContain('is not that of a shard')
  })
})

describe('mailsync apply --shard', () => {
  test('writes an MX only once the address it leads to is there, whichever shard comes first', async () => {
    const [host] = await shards('--count', '3', '--phase', 'first')
    const others = ['1/3', '2/3', '3/3'].filter((shard) => shard !== host)
    const early = await fleet.run(['apply', '--yes', '--shard', others[0] as string])
    expect(early.code).toBe(1)
    expect(early.stdout).toContain(
      `not begun, because mail here leads to what stands there, hosts.example. at local, and shard ${host} has not written it yet`,
    )
    for (const zone of CUSTOMERS) expect(await zoneFile(zone)).not.toContain('MX')

    expect((await fleet.run(['apply', '--yes', '--shard', host as string, '--phase', 'first'])).code).toBe(0)
    for (const shard of others) expect((await fleet.run(['apply', '--yes', '--shard', shard])).code).toBe(0)
    expect((await fleet.run(['apply', '--yes', '--shard', host as string])).code).toBe(0)
    expect((await fleet.run(['plan', '--detailed-exitcode'])).code).toBe(0)
  })

  test('of a merged plan moves all to another host, and takes the old one away last', async () => {
    expect((await fleet.run(['apply', '--yes'])).code).toBe(0)
    await fleet.write('mailsync.yaml', NEW)
    const plan = fleet.path('plan.json')
    expect((await fleet.run(['merge', ...(await planned(4)), '--out', plan])).code).toBe(0)

    const jobs = async (phase: string): Promise<string[]> => shards(plan, '--count', '4', '--phase', phase)
    const [first, rest, last] = [await jobs('first'), await jobs('rest'), await jobs('last')]
    expect([first.length, rest.length, last.length]).toEqual([1, 4, 1])
    const apply = (shard: string, phase: string) =>
      fleet.run(['apply', plan, '--yes', '--shard', shard, '--phase', phase])

    for (const shard of first) expect((await apply(shard, 'first')).code).toBe(0)
    expect(await zoneFile('hosts.example')).toMatch(/^new:/m)
    expect(await zoneFile('c1.example')).toContain('old.hosts.example.')

    const done = await Promise.all(rest.map((shard) => apply(shard, 'rest')))
    expect(done.map(({ code, stderr }) => ({ code, stderr }))).toEqual(rest.map(() => ({ code: 0, stderr: '' })))
    expect(done.some(({ stdout }) => stdout.includes('left to a later phase'))).toBe(true)
    expect(await zoneFile('hosts.example')).toMatch(/^old:/m)
    for (const zone of CUSTOMERS) expect(await zoneFile(zone)).toContain('new.hosts.example.')

    for (const shard of last) expect((await apply(shard, 'last')).code).toBe(0)
    expect(await zoneFile('hosts.example')).not.toMatch(/^old:/m)
    expect((await fleet.run(['plan', '--detailed-exitcode'])).code).toBe(0)
  })

  test('refuses a phase without a shard, and the plan of another shard', async () => {
    expect((await fleet.run(['apply', '--yes', '--phase', 'last'])).stderr).toContain('there is no --shard')
    const [one] = await planned(3)
    const { code, stderr } = await fleet.run(['apply', one as string, '--yes', '--shard', '3/3'])
    expect(code).toBe(1)
    expect(stderr).toContain('--shard 3/3: the saved plan is that of shard 1/3')
    expect(await readdir(fleet.path('zones'))).toHaveLength(42)
  })
})
