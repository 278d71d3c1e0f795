import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseServer } from '../../providers/dns/server.js'
import type { VerifyOptions } from '../../src/commands/verify.js'
import { type Workspace, workspace } from '../cli/workspace.js'
import { customers } from '../fleet/shards/fleet.js'
import { outsideOf, runVerify, verified } from './run-verify.js'

/** Nobody answers there. */
const NOWHERE = parseServer('127.0.0.1:9')
const OUTSIDE = outsideOf({ port: 9, resolver: NOWHERE, roots: [NOWHERE] })
const CUSTOMERS = customers(4)
/** More than lead to one zone and stay together for that. */
const MORE = customers(9)
const ZONES = zonesOf(CUSTOMERS)

function zonesOf(domains: readonly string[]): string[] {
  return ['hosts.example', '2.0.192.in-addr.arpa', ...domains]
}

const text = (
  zones: readonly string[],
  domains = CUSTOMERS,
): string => `providers: { local: { class: yaml, directory: zones } }
zones: { ${zones.map((zone) => `${zone}: { targets: [local], servers: ['127.0.0.1:9'] }`).join(', ')} }
hosts: { mx.hosts.example: { addresses: [192.0.2.10] } }
defaults: { dkim: false, dmarc: false }
domains: { ${domains.map((zone) => `${zone}: { mx: [mx.hosts.example] }`).join(', ')} }
`

let space: Workspace
beforeAll(async () => {
  space = await workspace({
    'mailsync.yaml': text(ZONES),
    'any.yaml': text(ZONES).replace('zones: {', "zones: { '*': { targets: [local] },"),
  })
})
afterAll(() => space.remove())

const run = (shard?: string, { path } = space) => verified({ config: path('mailsync.yaml'), shard }, OUTSIDE)

/** Whom checks are about, hosts apart: those are looked at wherever mail goes through them. */
const subjects = ({ checks }: Awaited<ReturnType<typeof run>>): string[] =>
  checks.map(({ subject, asked }) => `${subject.name} ${asked}`).filter((one) => !one.startsWith('mx.'))

describe('verify --shard', () => {
  test('shards look at everything once, and at nothing else', async () => {
    const whole = await run()
    const parts = [await run('1/3'), await run('2/3'), await run('3/3')]
    expect(parts.flatMap(({ domains }) => domains.map(({ name }) => name)).sort()).toEqual(
      whole.domains.map(({ name }) => name).sort(),
    )
    expect(parts.flatMap(subjects).sort()).toEqual(subjects(whole).sort())
    expect(new Set(parts.map(({ domains }) => domains.length)).size).toBeGreaterThan(1)
  })

  describe('the reports of all shards', () => {
    const SHARDS = ['1/3', '2/3', '3/3']
    let fleet: Workspace
    beforeAll(async () => {
      fleet = await workspace({ 'mailsync.yaml': text(zonesOf(MORE), MORE) })
    })
    afterAll(() => fleet.remove())
    const merge = (...args: string[]) => fleet.run(['merge', ...args])
    const saved = async (...shards: string[]): Promise<string[]> => {
      const files: string[] = []
      for (const shard of shards) {
        const out = fleet.path(`verify-${shard.replace('/', '-')}.json`)
        await runVerify({ config: fleet.path('mailsync.yaml'), shard, out }, OUTSIDE)
        files.push(out)
      }
      return files
    }

    test('merged are the report of one process', async () => {
      const merged = await merge(...(await saved(...SHARDS)), '--format', 'json')
      expect(merged.code).toBe(1)
      // How long nobody answers, a server may be silent or refuse.
      const told = ({ checks, domains }: Pick<Awaited<ReturnType<typeof run>>, 'checks' | 'domains'>) => ({
        checks: checks.map(({ seen: _, ...check }) => check),
        domains: domains.map(({ name }) => name),
      })
      expect(told(JSON.parse(merged.stdout))).toEqual(told(await run(undefined, fleet)))
    })

    test('without one of them say which is missing, whatever the others found', async () => {
      const { include } = JSON.parse((await fleet.run(['shards', '--count', '3', '--json'])).stdout)
      const [lost, ...others] = include.map(({ shard }: { shard: string }) => shard)
      const { code, stdout } = await merge(...(await saved(...others)))
      expect(code).toBe(1)
      expect(stdout).toContain(
        `The report of shard ${lost} is missing: ${include[0].zones} zones were not looked at.\n`,
      )
    })

    test.each<[string, () => Promise<string[]>, string]>([
      ['twice', () => saved('1/3', '1/3'), 'are both reports of shard 1/3'],
      ['with a plan', async () => [...(await saved('1/3')), fleet.path('mailsync.yaml')], 'is no report of a shard'],
      [
        'of another spec',
        async () => {
          const [one] = await saved('1/3')
          await fleet.write('mailsync.yaml', text(zonesOf(MORE), MORE).replace('192.0.2.10', '192.0.2.11'))
          const [two] = await saved('2/3')
          await fleet.write('mailsync.yaml', text(zonesOf(MORE), MORE))
          return [one as string, two as string]
        },
        'the spec or its keys were changed in between',
      ],
    ])('are refused %s', async (_, files, fault) => {
      expect(await merge(...(await files()))).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(fault),
      })
    })
  })

  test.each<[string, Partial<VerifyOptions>, string]>([
    ['a domain', { shard: '1/2', domains: ['c0.example'] }, 'domains do not go with it'],
    ['a zone that nobody knows', { shard: '1/2', config: 'any.yaml' }, "which zones '*' stands for"],
    ['more parts than there are', { shard: '3/2' }, '--shard 3/2: it is one part of several'],
  ])('does not go with %s', async (_, { config = 'mailsync.yaml', ...options }, fault) => {
    await expect(runVerify({ ...options, config: space.path(config) }, OUTSIDE)).rejects.toThrow(fault)
  })
})
