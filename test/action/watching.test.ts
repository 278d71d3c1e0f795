import { mkdir, readFile, symlink } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventsIn } from '../cli/fleet.js'
import { type Workspace, workspace } from '../cli/workspace.js'
import { readOpenMetrics } from '../watch/metrics/read-open-metrics.js'
import { schedule } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'
import { EMPTY_ZONE, SPEC } from './runner/specs.js'

let checkout: Workspace
beforeEach(async () => {
  checkout = await workspace({ 'mailsync.yaml': SPEC })
  await checkout.write('zones/example.com.yaml', EMPTY_ZONE)
})
afterEach(() => checkout.remove())

const step = (inputs: NonNullable<Step['inputs']>) =>
  runStep({ workspace: checkout.directory, event: schedule(), inputs })

const metrics = async (file: string) => readOpenMetrics(await readFile(checkout.path(file), 'utf8'))

describe('log: json', () => {
  it('tells on stderr what happens, a line an event, and nothing else there', async () => {
    const { code, stderr, outputs } = await step({ command: 'apply', log: 'json' })
    expect(code).toBe(0)
    expect(outputs.changes).toBe('5')
    const events = eventsIn(stderr)
    expect(events[0]).toMatchObject({ event: 'run.start', command: 'apply', config: 'mailsync.yaml' })
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['spec.loaded', 'zone.read', 'zone.planned', 'write.start', 'write.done']),
    )
    expect(events.at(-1)).toMatchObject({ event: 'run.end', exit: 0, changes: { create: 4, update: 1, delete: 0 } })
  })

  it('tells of a run that could not go on, with the place, and the step says it in words too', async () => {
    await checkout.write('mailsync.yaml', 'providers: 1\n')
    const { code, stderr, annotations } = await step({ log: 'json' })
    expect(code).toBe(1)
    const failures = eventsIn(stderr).filter(({ event }) => event === 'failure')
    expect(failures[0]).toMatchObject({ where: expect.stringMatching(/mailsync\.yaml:1:\d+$/) })
    expect(eventsIn(stderr).at(-1)).toMatchObject({ event: 'run.end', exit: 1 })
    expect(annotations.length).toBeGreaterThan(0)
  })

  it('has nothing that the runner takes for a command', async () => {
    const { stderr, annotations } = await step({ log: 'json', config: '##[warning]x.yaml' })
    expect(eventsIn(stderr)[0]).toMatchObject({ config: '##[warning]x.yaml' })
    expect(annotations.every(({ command }) => command === 'error')).toBe(true)
  })
})

describe('metrics', () => {
  it('are written at the end of each run, and counters go on', async () => {
    expect(await step({ command: 'apply', metrics: 'run.prom' })).toMatchObject({ code: 0 })
    expect((await step({ command: 'apply', metrics: 'run.prom' })).code).toBe(0)
    const samples = (await metrics('run.prom')).filter(({ labels }) => labels.command === 'apply')
    const sum = (name: string): number =>
      samples.filter((sample) => sample.name === name).reduce((all, { value }) => all + value, 0)
    expect(sum('mailsync_changes_total')).toBe(5)
    expect(sum('mailsync_exit_code')).toBe(0)
    expect(samples.find(({ labels }) => labels.result === 'unchanged')?.value).toBe(1)
  })

  it('are written of a run that fails', async () => {
    expect((await step({ 'fail-on-drift': 'true', metrics: 'run.prom' })).code).toBe(1)
    const samples = await metrics('run.prom')
    expect(samples.find(({ name }) => name === 'mailsync_exit_code')?.value).toBe(1)
  })

  it('begin nothing where they cannot be written, or would be where a link in the checkout leads', async () => {
    const lost = await step({ command: 'apply', metrics: 'nowhere/run.prom' })
    expect([lost.code, lost.log]).toEqual([1, expect.stringContaining('nowhere/run.prom')])
    const elsewhere = await workspace({})
    await mkdir(elsewhere.path('out'))
    await symlink(elsewhere.path('out'), checkout.path('link'))
    const led = await step({ command: 'apply', metrics: 'link/run.prom' })
    expect([led.code, led.log]).toEqual([1, expect.stringContaining('link/run.prom')])
    expect(await checkout.read('zones/example.com.yaml')).toBe(EMPTY_ZONE)
    await elsewhere.remove()
  })
})

it.each([
  [{ log: 'text' }, 'log is "text", and it is json or nothing'],
  [{ 'max-wait': 'long' }, 'max-wait is "long", and it is a time such as 90s, 30m or 4h'],
  [{ command: 'shards', 'max-wait': '2h' }, 'max-wait goes with the commands plan and apply'],
])('refuses %j', async (inputs, fault) => {
  const { code, log } = await step(inputs)
  expect([code, log]).toEqual([1, expect.stringContaining(fault)])
})
