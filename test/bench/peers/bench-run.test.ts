import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { type Bench, benchPeer } from './bench-run.js'
import { measuredRun } from './measured-run.js'
import type { Peer } from './peer.js'

let space: Workspace
beforeEach(async () => {
  space = await workspace({})
})
afterEach(() => space.remove())

const script = (text: string): string[] => [process.execPath, '-e', text]

describe('a measured run', () => {
  test('tells CPU, wall clock, memory, exit code and output', async () => {
    const busy = script(
      'const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end); console.log("told"); process.exitCode = 3',
    )
    const run = await measuredRun(busy, space.directory)
    expect(run).toMatchObject({ code: 3, output: 'told\n' })
    expect(run.cpu).toBeGreaterThan(0.2)
    expect(run.wall).toBeGreaterThan(0.15)
    expect(run.memory).toBeGreaterThan(20)
  })

  test('of what is not there is an error', async () => {
    await expect(measuredRun(['no-such-program'], space.directory)).rejects.toThrow(
      'no-such-program could not be started',
    )
  })
})

describe('a tool', () => {
  const bench: Bench = { title: 'no zones', zones: [], target: { kind: 'files' }, runs: 2 }
  const peer = (changed: Partial<Peer>): Peer => ({
    name: 'octoDNS',
    version: '1',
    printVersion: [],
    plan: script('console.log("all is well")'),
    apply: script(''),
    refuses: () => undefined,
    write: (folder) => writeFile(join(folder, 'written'), ''),
    isUnchanged: ({ output }) => output === 'all is well\n',
    ...changed,
  })
  const results = async (changed: Partial<Peer>, more: Partial<Bench> = {}): Promise<unknown[]> =>
    (await benchPeer(peer(changed), { ...bench, ...more }, space.directory)).map(({ result }) => result)

  test('is measured in a folder of its own, applying and then planning', async () => {
    const taken = { cpu: expect.any(Number), wall: expect.any(Number), memory: expect.any(Number) }
    expect(await results({})).toEqual([expect.objectContaining(taken), taken])
    expect(await space.read('octoDNS/written')).toBe('')
  })

  test.each([
    [
      'cannot be measured there',
      { refuses: () => 'it has no such provider' },
      {},
      ['not measured: it has no such provider'],
    ],
    [
      'fails to apply',
      { apply: script('console.log("no | luck"); process.exitCode = 1') },
      {},
      ['failed: exit code 1: no \\| luck'],
    ],
    ['wrote less than it should', {}, { missing: async () => 'one is missing' }, ['failed: one is missing']],
    [
      'would change what it wrote',
      { plan: script('console.log("1 change")') },
      {},
      [expect.any(Object), 'failed: would change what it wrote: 1 change'],
    ],
  ] as const)('that %s is told', async (_, changed, more, expected) => {
    expect(await results(changed, more)).toEqual(expected)
  })
})
