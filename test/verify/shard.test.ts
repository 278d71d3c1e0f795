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
const ZONES = ['hosts.example', '2.0.192.in-addr.arpa', ...CUSTOMERS]

const text = (zones: readonly string[]): string => `providers: { local: { class: yaml, directory: zones } }
zones: { ${zones.map((zone) => `${zone}: { targets: [local], servers: ['127.0.0.1:9'] }`).join(', ')} }
hosts: { mx.hosts.example: { addresses: [192.0.2.10] } }
defaults: { dkim: false, dmarc: false }
domains: { ${CUSTOMERS.map((zone) => `${zone}: { mx: [mx.hosts.example] }`).join(', ')} }
`

let space: Workspace
beforeAll(async () => {
  space = await workspace({
    'mailsync.yaml': text(ZONES),
    'any.yaml': text(ZONES).replace('zones: {', "zones: { '*': { targets: [local] },"),
  })
})
afterAll(() => space.remove())

const run = (shard?: string) => verified({ config: space.path('mailsync.yaml'), shard }, OUTSIDE)

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

  test.each<[string, Partial<VerifyOptions>, string]>([
    ['a domain', { shard: '1/2', domains: ['c0.example'] }, 'domains do not go with it'],
    ['a zone that nobody knows', { shard: '1/2', config: 'any.yaml' }, "which zones '*' stands for"],
    ['more parts than there are', { shard: '3/2' }, '--shard 3/2: it is one part of several'],
  ])('does not go with %s', async (_, { config = 'mailsync.yaml', ...options }, fault) => {
    await expect(runVerify({ ...options, config: space.path(config) }, OUTSIDE)).rejects.toThrow(fault)
  })
})
