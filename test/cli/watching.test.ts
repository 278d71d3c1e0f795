import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync, rmSync } from 'node:fs'
import { lstat, mkdir, readFile, stat, symlink } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { readOpenMetrics } from '../watch/metrics/read-open-metrics.js'
import { cloudflareFleet, eventsIn, type Fleet } from './fleet.js'

let fleet: Fleet
afterEach(() => fleet.close())

describe('--log json', () => {
  test('tells a plan and an apply event by event, and stdout stays one document', async () => {
    fleet = await cloudflareFleet(3)
    const { code, stdout, stderr } = await fleet.run(['apply', '--yes', '--log', 'json', '--format', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ format: 'mailsync-apply' })
    const events = eventsIn(stderr)
    expect(events.at(0)).toMatchObject({ event: 'run.start', command: 'apply', version: expect.any(String) })
    expect(events.find(({ event }) => event === 'spec.loaded')).toMatchObject({ zones: 3, domains: 3 })
    for (const event of ['zone.read', 'zone.planned', 'write.start', 'write.done'])
      expect(
        events
          .filter((one) => one.event === event)
          .map(({ zone }) => zone)
          .sort(),
      ).toEqual(['zone0.example.', 'zone1.example.', 'zone2.example.'])
    const calls = events.filter(({ event }) => event === 'call')
    expect(calls).toHaveLength(fleet.fake.calls.length)
    expect(calls.every(({ outcome, status, attempt }) => outcome === 'ok' && status === 200 && attempt === 1)).toBe(
      true,
    )
    expect(events.at(-1)).toMatchObject({
      event: 'run.end',
      exit: 0,
      zones: 3,
      failed: 0,
      changes: { create: 9, update: 0, delete: 0 },
      pending: 0,
      calls: fleet.fake.calls.length,
    })
  })

  test('has a time in every line, and no secret', async () => {
    fleet = await cloudflareFleet(1)
    fleet.fake.before = () => {
      throw new Error('the fake is broken')
    }
    const { stderr } = await fleet.run(['plan', '--log', 'json'], { env: { TOKEN: `${'x'.repeat(40)}` } })
    expect(eventsIn(stderr).every(({ time }) => /^2026-11-22T12:00:\d\d\.\d{3}Z$/.test(String(time)))).toBe(true)
    expect(stderr).not.toContain('x'.repeat(40))
  })

  test('tells what is wrong with a spec, problem by problem, with the place', async () => {
    fleet = await cloudflareFleet(1)
    await fleet.space.write('mailsync.yaml', 'providers: 1\nzones: 2\n')
    const { code, stdout, stderr } = await fleet.run(['plan', '--log', 'json'])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    const failures = eventsIn(stderr).filter(({ event }) => event === 'failure')
    expect(failures.length).toBeGreaterThan(1)
    expect(failures[0]).toMatchObject({ where: expect.stringMatching(/mailsync\.yaml:1:\d+$/) })
    expect(eventsIn(stderr).at(-1)).toMatchObject({ event: 'run.end', exit: 1 })
  })

  test('tells a zone that fails, and asks nobody', async () => {
    fleet = await cloudflareFleet(2)
    fleet.fake.zones.pop()
    const { code, stderr } = await fleet.run(['plan', '--log', 'json'])
    expect(code).toBe(1)
    expect(eventsIn(stderr).filter(({ event }) => event === 'failure')).toEqual([
      expect.objectContaining({ zone: 'zone1.example.', provider: 'cf', code: 'zone-not-found' }),
    ])
    const asked = await fleet.run(['apply', '--log', 'json'], { answer: true })
    expect(asked.code).toBe(1)
    expect(eventsIn(asked.stderr).find(({ event }) => event === 'failure')).toMatchObject({ code: 'usage' })
  })

  test('has no failure of a zone that was not read because the run was stopped', async () => {
    fleet = await cloudflareFleet(6)
    const stop = new AbortController()
    fleet.fake.before = () => {
      if (fleet.fake.calls.length === 4) stop.abort()
    }
    const { code, stderr } = await fleet.run(['plan', '--log', 'json', '--parallel', '1'], { signal: stop.signal })
    expect(code).toBe(1)
    const events = eventsIn(stderr)
    expect(events.filter(({ event }) => event === 'failure')).toEqual([
      expect.objectContaining({ code: 'cancelled', message: expect.stringContaining('was stopped') }),
    ])
    const planned = events.filter(({ event }) => event === 'zone.planned').length
    expect(planned).toBeLessThan(6)
    expect(events.at(-1)).toMatchObject({ event: 'run.end', exit: 1, zones: planned, failed: 0, pending: 3 * planned })
  })

  test('ends with the exit code of the process where the metrics cannot be written', async () => {
    fleet = await cloudflareFleet(1)
    await mkdir(fleet.space.path('textfile'))
    fleet.fake.before = () => rmSync(fleet.space.path('textfile'), { recursive: true, force: true })
    const line = ['plan', '--log', 'json', '--metrics', fleet.space.path('textfile/run.prom')]
    const { code, stderr } = await fleet.run(line)
    expect(code).toBe(1)
    expect(eventsIn(stderr).slice(-2)).toEqual([
      expect.objectContaining({ event: 'failure', code: 'io', message: expect.stringContaining('run.prom') }),
      expect.objectContaining({ event: 'run.end', exit: 1, zones: 1 }),
    ])
  })

  test.each(['text', 'JSON'])('%s is no form of a log', async (form) => {
    fleet = await cloudflareFleet(1)
    const { code, stderr } = await fleet.run(['plan', '--log', form])
    expect(code).toBe(1)
    expect(stderr).toContain('--log')
  })
})

describe('--metrics', () => {
  const metrics = async () => readOpenMetrics(await readFile(fleet.space.path('run.prom'), 'utf8'))
  const run = (...args: string[]) => fleet.run([...args, '--metrics', fleet.space.path('run.prom')])
  const sum = (
    samples: Awaited<ReturnType<typeof metrics>>,
    name: string,
    labels: Record<string, string> = {},
  ): number =>
    samples
      .filter(
        (one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      )
      .reduce((total, { value }) => total + value, 0)

  test('counts zones, changes and exactly the calls that the provider saw', async () => {
    fleet = await cloudflareFleet(3)
    expect((await run('plan')).code).toBe(0)
    const samples = await metrics()
    expect(sum(samples, 'mailsync_calls_total', { provider: 'cf', outcome: 'ok', command: 'plan' })).toBe(
      fleet.fake.calls.length,
    )
    expect(sum(samples, 'mailsync_zones', { result: 'changed' })).toBe(3)
    expect(sum(samples, 'mailsync_pending_changes', { kind: 'create' })).toBe(9)
    expect(sum(samples, 'mailsync_changes_total')).toBe(0)
    expect(sum(samples, 'mailsync_exit_code')).toBe(0)
    expect(sum(samples, 'mailsync_last_success_timestamp_seconds')).toBe(Date.parse('2026-11-22T12:00:00Z') / 1000)
    expect(sum(samples, 'mailsync_phase_duration_seconds', { phase: 'reading zones' })).toBeGreaterThan(0)
  })

  test('can be read by everybody, and goes on counting in the next run', async () => {
    fleet = await cloudflareFleet(2)
    await run('apply', '--yes')
    expect((await stat(fleet.space.path('run.prom'))).mode & 0o777).toBe(0o644)
    const first = fleet.fake.calls.length
    expect(sum(await metrics(), 'mailsync_changes_total', { kind: 'create' })).toBe(6)
    await run('apply', '--yes')
    const samples = await metrics()
    expect(fleet.fake.calls.length).toBeGreaterThan(first)
    expect(sum(samples, 'mailsync_calls_total')).toBe(fleet.fake.calls.length)
    expect(sum(samples, 'mailsync_changes_total')).toBe(6)
    expect(sum(samples, 'mailsync_zones', { result: 'unchanged' })).toBe(2)
    expect(sum(samples, 'mailsync_pending_changes')).toBe(0)
  })

  test('of a run that fails keeps the time of the last success', async () => {
    fleet = await cloudflareFleet(1)
    await run('plan')
    const success = sum(await metrics(), 'mailsync_last_success_timestamp_seconds')
    fleet.fake.permissions = []
    const { code } = await fleet.run(['plan', '--metrics', fleet.space.path('run.prom')], { today: '2026-11-30' })
    expect(code).toBe(1)
    const samples = await metrics()
    expect(sum(samples, 'mailsync_exit_code')).toBe(1)
    expect(sum(samples, 'mailsync_zones', { result: 'failed' })).toBe(1)
    expect(sum(samples, 'mailsync_calls_total', { outcome: 'refused' })).toBeGreaterThan(0)
    expect(sum(samples, 'mailsync_last_success_timestamp_seconds')).toBe(success)
    expect(sum(samples, 'mailsync_last_run_timestamp_seconds')).toBe(Date.parse('2026-11-30T12:00:00Z') / 1000)
  })

  test('that cannot be written are told before anything is done', async () => {
    fleet = await cloudflareFleet(1)
    const { code, stderr } = await fleet.run(['apply', '--yes', '--metrics', fleet.space.path('nowhere/run.prom')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/nowhere\/run\.prom: no such file or directory/)
    expect(fleet.fake.calls).toEqual([])
  })

  test('never replace a file that holds something else: the spec, a plan that is saved, a folder', async () => {
    fleet = await cloudflareFleet(1)
    await mkdir(fleet.space.path('folder'))
    for (const file of ['mailsync.yaml', 'folder']) {
      const { code, stderr } = await fleet.run(['plan', '--metrics', fleet.space.path(file)])
      expect([code, stderr]).toEqual([1, expect.stringContaining(`${file}: it`)])
    }
    expect(fleet.fake.calls).toEqual([])
    const plan = fleet.space.path('plan.json')
    const { code, stderr } = await fleet.run(['plan', '--out', plan, '--metrics', plan])
    expect([code, stderr]).toEqual([1, expect.stringContaining('something else than metrics')])
    expect(JSON.parse(await readFile(plan, 'utf8'))).toMatchObject({ format: 'mailsync-plan' })
  })

  test('are written into a pipe or a device, which no file takes the place of, and behind a link', async () => {
    fleet = await cloudflareFleet(1)
    const pipe = fleet.space.path('pipe')
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
    const unread = await fleet.run(['plan', '--metrics', pipe])
    expect([unread.code, unread.stderr]).toEqual([1, expect.stringMatching(/pipe.*ENXIO/)])
    const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
    try {
      expect((await fleet.run(['plan', '--metrics', pipe])).code).toBe(0)
      const read = Buffer.alloc(65_536)
      const text = read.toString('utf8', 0, readSync(reader, read))
      expect(readOpenMetrics(text).length).toBeGreaterThan(5)
    } finally {
      closeSync(reader)
    }
    expect((await lstat(pipe)).isFIFO()).toBe(true)
    await symlink(fleet.space.path('run.prom'), fleet.space.path('link.prom'))
    expect((await fleet.run(['plan', '--metrics', fleet.space.path('link.prom')])).code).toBe(0)
    expect((await lstat(fleet.space.path('link.prom'))).isSymbolicLink()).toBe(true)
    expect((await metrics()).length).toBeGreaterThan(5)
  })
})
