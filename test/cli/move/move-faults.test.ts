import { existsSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { policyId } from '../../../records/families/mta-sts/policy.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, runMain, type Workspace, workspace } from '../workspace.js'

const START = Date.parse('2026-11-27T06:00:00Z') / 1000
const HOUR = 3600

function spec({ host, port, key }: DnsServer, { address = '192.0.2.10', more = '', ttl = 600 } = {}): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones: { example.com: { targets: [dns], servers: ["${host}:${port}"] } }
defaults: { ttl: ${ttl} }
hosts: { mail.example.com: { addresses: [${address}], reverse: false } }
domains:
  example.com: { mx: [mail.example.com], dkim: false, dmarc: { policy: reject } }
${more}
`
}

onBind('a move that something is wrong with', (server) => {
  let space: Workspace
  let now: number
  beforeEach(async () => {
    now = START
    await server.addZone('example.com.')
    space = await workspace({ 'mailsync.yaml': spec(server), 'new.yaml': spec(server, { address: '198.51.100.20' }) })
  })
  afterEach(() => space.remove())
  const run = (...args: string[]): Promise<Ran> =>
    space.run(args, { env: { TSIG_SECRET: server.key.secret }, now: () => now })
  const start = (...more: string[]) => run('move', 'start', '--to', space.path('new.yaml'), ...more)
  const begin = async (): Promise<void> => {
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(await start()).toMatchObject({ code: 0 })
  }
  const address = async () => (await server.dig('+noall', '+answer', 'mail.example.com.', 'A')).trim()

  test('without a move, status says how to begin one', async () => {
    expect(await run('move', 'status')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mailsync move start --to'),
    })
  })

  test('nothing to move is said, and no file is written', async () => {
    await space.write('new.yaml', await space.read('mailsync.yaml'))
    expect(await start()).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing moves from') })
    await space.write('new.yaml', spec(server, { ttl: 60 }))
    expect((await start()).stderr).toContain('TTLs alone are no move')
    expect(existsSync(space.path('move.json'))).toBe(false)
  })

  test('a new spec with errors, one in another folder, and the same one are refused', async () => {
    await space.write('new.yaml', 'hosts: 1')
    expect(await start()).toMatchObject({ code: 1, stderr: expect.stringContaining('new.yaml:1') })
    await space.write('other/new.yaml', spec(server))
    expect((await run('move', 'start', '--to', space.path('other/new.yaml'))).stderr).toContain('in another folder')
    expect((await run('move', 'start', '--to', space.path('mailsync.yaml'))).stderr).toContain(
      'is the spec that is moved from',
    )
    expect((await run('move', 'start', '--to', space.path('none.yaml'))).code).toBe(1)
    expect(existsSync(space.path('move.json'))).toBe(false)
  })

  test('what cannot be there twice is refused before anything begins, all of it at once', async () => {
    const held = (key: string) =>
      spec(server).replace(
        'dkim: false',
        `dkim: { algorithms: [], keys: { s1: { txt: "v=DKIM1; k=ed25519; p=${key.repeat(43)}=" } } }`,
      )
    await space.write('mailsync.yaml', held('A'))
    await space.write('new.yaml', held('B').replace('class: rfc2136,', 'class: rfc2136, timeout: 7,'))
    const { code, stderr } = await start()
    expect(code).toBe(1)
    expect(stderr).toContain('s1._domainkey.example.com has one key in the old spec and another in the new one')
    expect(stderr).toContain('the provider "dns" has other options')
  })

  test('plan and apply are about the stage, and say so', async () => {
    await begin()
    const plan = await run('plan')
    expect(plan.stdout).toContain('mailsync.yaml is being moved to new.yaml: this is the stage lower')
    expect(plan.stdout).toMatch(/mail\.example\.com\.\s+A\s+600 → 300|mail\.example\.com\.\s+A\s+300/)
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(await address()).toMatch(/\s300\s+IN\s+A\s+192\.0\.2\.10/)
  })

  test('the stages wait for what others remember, and status says until when', async () => {
    await begin()
    await run('move', 'next', '--yes')
    const status = await run('move', 'status')
    expect(status.stdout).toContain('Goes on from 2026-11-27 06:10 UTC')
    expect(status.stdout).toContain('The old servers go on as they are.')
    now += 599
    await run('move', 'next', '--yes')
    expect((await run('move', 'status')).stdout).toContain('> lower')
    now += 1
    const plan = await run('move', 'plan')
    expect(plan.stdout).toContain('+ ip4:198.51.100.20')
    expect((await run('move', 'status')).stdout).toContain('> lower')
    await run('move', 'next', '--yes')
    const json = JSON.parse((await run('move', 'status', '--format', 'json')).stdout)
    expect(json).toMatchObject({ format: 'mailsync-move-status', stage: 'both', waits: { reason: 'ttl' } })
    expect(await address()).toMatch(/\s300\s+IN\s+A\s+192\.0\.2\.10/)
    expect(await server.dig('+short', 'mail.example.com.', 'TXT')).toBe(
      '"v=spf1 ip4:192.0.2.10 ip4:198.51.100.20 a -all"\n',
    )
    expect(await server.dig('+short', '_dmarc.example.com.', 'TXT')).toContain('p=reject')
  })

  test('a policy of MTA-STS is in place before DNS tells of it', async () => {
    const withPolicy = (host: string, address: string): string =>
      spec(server, { address })
        .replaceAll('mail.example.com', host)
        .replace('dkim: false', 'dkim: false, mta_sts: { mode: enforce, max_age: 864000 }')
    await space.write('mailsync.yaml', withPolicy('mail.example.com', '192.0.2.10'))
    await space.write('new.yaml', withPolicy('mx.example.com', '198.51.100.20'))
    await begin()
    await run('move', 'next', '--yes')
    now += HOUR
    const id = await server.dig('+short', '_mta-sts.example.com.', 'TXT')
    const waiting = await run('move', 'next', '--yes')
    expect(waiting.stdout).toContain('Waits for the MTA-STS policy of example.com, which has to list both MX')
    expect(await run('compile', '--out', space.path('files'))).toMatchObject({ code: 0 })
    const policy = await space.read('files/mta-sts/mta-sts.example.com/.well-known/mta-sts.txt')
    expect(policy).toContain('mx: mail.example.com\r\nmx: mx.example.com\r\n')
    expect(await server.dig('+short', '_mta-sts.example.com.', 'TXT')).toBe(id)
    expect(await run('move', 'next', '--yes', '--policies')).toMatchObject({ code: 0 })
    expect(await server.dig('+short', '_mta-sts.example.com.', 'TXT')).toBe(`"v=STSv1; id=${policyId(policy)};"\n`)
    for (const stage of ['switch', 'drain']) {
      now += HOUR
      expect((await run('move', 'next', '--yes')).stdout).toContain(`> ${stage}`)
    }
    now += 8 * 24 * HOUR
    expect((await run('move', 'status')).stdout).toContain('a sender may keep an MTA-STS policy')
    now += 2 * 24 * HOUR
    expect((await run('move', 'next', '--yes')).stdout).toContain('> clean')
  })

  test('a no to the question leaves the stage as it was', async () => {
    await begin()
    const { stdout } = await space.run(['move', 'next'], {
      env: { TSIG_SECRET: server.key.secret },
      answer: false,
      now: () => now,
    })
    expect(stdout).toContain('The rest was declined')
    expect(await address()).toMatch(/\s600\s/)
    expect(await space.run(['move', 'next'], { env: { TSIG_SECRET: server.key.secret } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('run it with --yes'),
    })
  })

  test('the new spec alone is not applied while the move to it is under way', async () => {
    await begin()
    const ran = await runMain(['apply', '--yes', '--config', space.path('new.yaml')], {
      env: { TSIG_SECRET: server.key.secret },
    })
    expect(ran).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is being moved to new.yaml, step by step'),
    })
    expect(await address()).toMatch(/192\.0\.2\.10/)
  })

  test('a spec that was changed in what moves stops the move; what does not move may change', async () => {
    await begin()
    await space.write('new.yaml', spec(server, { address: '198.51.100.99' }))
    const changed = await run('move', 'next', '--yes')
    expect(changed).toMatchObject({ code: 3, stderr: expect.stringContaining('was changed since the move began') })
    expect(changed.stderr).toContain('mail.example.com. A host')
    expect(await run('apply', '--yes')).toMatchObject({ code: 3 })
    const more = '  parked.example.com: { mail: none }'
    await space.write('mailsync.yaml', spec(server, { more }))
    await space.write('new.yaml', spec(server, { address: '198.51.100.20', more }))
    expect(await run('move', 'next', '--yes')).toMatchObject({ code: 0 })
    expect(await server.dig('+short', 'parked.example.com.', 'MX')).toBe('0 .\n')
  })

  test.each([
    ['half-written', (text: string) => text.slice(0, text.length / 2), 'it is not JSON'],
    ['of an unknown form', (text: string) => text.replace('"version": 1', '"version": 9'), 'version is not 1'],
    ['set to a later stage', (text: string) => text.replace('"lower"', '"clean"'), 'is not the stage lower'],
    ['without a stage', (text: string) => text.replace(/"history": \[[^\]]*\]/, '"history": []'), 'history'],
    [
      'leading out of the folder',
      (text: string) => text.replace('"new.yaml"', '"../new.yaml"'),
      'is no name of a file',
    ],
  ])('a file that is %s is told, and nothing is changed', async (_, edit, told) => {
    await begin()
    await space.write('move.json', edit(await space.read('move.json')))
    for (const args of [['plan'], ['apply', '--yes'], ['move', 'next', '--yes'], ['move', 'status'], ['move', 'abort']])
      expect(await run(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(told) })
    expect((await run('move', 'status')).stderr).toContain('restore it from git')
    const json = await run('move', 'status', '--format', 'json')
    expect(JSON.parse(json.stdout)).toMatchObject({ format: 'mailsync-error', code: 'io' })
    expect(await address()).toMatch(/\s600\s/)
  })

  test('a clock that went back takes no step', async () => {
    await begin()
    await run('move', 'next', '--yes')
    const before = await space.read('move.json')
    now -= HOUR
    const ran = await run('move', 'next', '--yes')
    expect(ran).toMatchObject({ code: 3, stdout: expect.stringContaining('The clock is behind') })
    expect(await run('move', 'abort')).toMatchObject({ code: 3 })
    expect(await space.read('move.json')).toBe(before)
  })

  test('a server that went back to what it was before is named, and the time counts anew', async () => {
    await begin()
    await run('move', 'next', '--yes')
    await server.nsupdate('update delete mail.example.com. A\nupdate add mail.example.com. 600 A 192.0.2.10')
    const { stdout } = await run('move', 'status')
    expect(stdout).toContain('mail.example.com. A still has a TTL of 600')
    now += HOUR
    expect(await run('move', 'next', '--yes')).toMatchObject({ code: 0 })
    expect(await address()).toMatch(/\s300\s/)
  })

  test('a provider that fails leaves the move where it is, and it goes on later', async () => {
    await begin()
    await server.kill()
    const failed = await run('move', 'next', '--yes')
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('> lower') })
    await server.restart()
    expect(await run('move', 'next', '--yes')).toMatchObject({ code: 0 })
    expect(await address()).toMatch(/\s300\s/)
  })

  test('with --format json every command prints one document', async () => {
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    const started = await start('--format', 'json')
    expect(JSON.parse(started.stdout)).toMatchObject({
      format: 'mailsync-move-status',
      stage: 'lower',
      finished: false,
    })
    const next = JSON.parse((await run('move', 'next', '--yes', '--format', 'json')).stdout)
    expect(next).toMatchObject({
      stage: 'lower',
      visible: '2026-11-27T06:00:00Z',
      waits: { reason: 'ttl' },
      failures: [],
    })
    expect(next.zones).toMatchObject([{ zone: 'example.com.' }])
    expect(JSON.parse((await run('move', 'plan', '--format', 'json')).stdout)).toMatchObject({
      format: 'mailsync-plan',
    })
    expect(JSON.parse((await run('move', 'abort', '--format', 'json')).stdout)).toMatchObject({ back: true })
    expect(JSON.parse((await run('move', 'next', '--yes', '--format', 'json')).stdout)).toMatchObject({
      finished: true,
    })
    expect(JSON.parse((await run('move', 'next', '--yes', '--format', 'json')).stdout)).toMatchObject({
      code: 'usage',
    })
  })

  test('a plan that was saved for a stage is carried out in that stage, and refused in the next', async () => {
    await begin()
    expect(await run('plan', '--out', space.path('plan.json'))).toMatchObject({ code: 0 })
    expect(await run('apply', space.path('plan.json'), '--yes')).toMatchObject({ code: 0 })
    expect(await address()).toMatch(/\s300\s/)
    await run('move', 'next', '--yes')
    now += HOUR
    await run('move', 'next', '--yes')
    expect(await run('apply', space.path('plan.json'), '--yes')).toMatchObject({ code: 3 })
  })

  test('two runs at once take one step', async () => {
    await begin()
    const ran = await Promise.all([run('move', 'next', '--yes'), run('move', 'next', '--yes')])
    expect(ran.map(({ code }) => code).filter((code) => code !== 0 && code !== 3 && code !== 1)).toEqual([])
    expect(ran.some(({ code }) => code === 0)).toBe(true)
    expect(await run('move', 'next', '--yes')).toMatchObject({ code: 0 })
    expect(JSON.parse(await space.read('move.json')).history).toHaveLength(1)
  })

  test('a second move is refused, and one that goes back goes back once', async () => {
    await begin()
    expect(await start()).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is being moved to new.yaml already'),
    })
    expect(await run('move', 'abort')).toMatchObject({ code: 0 })
    expect(await run('move', 'abort')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('going back already'),
    })
    expect(await run('move', 'next', '--yes')).toMatchObject({ code: 0 })
    expect(existsSync(space.path('move.json'))).toBe(false)
    expect(await address()).toMatch(/\s600\s+IN\s+A\s+192\.0\.2\.10/)
  })

  test('killed between the new spec and the end of the move, the next run ends it', async () => {
    await begin()
    const file = JSON.parse(await space.read('move.json'))
    const at = (seconds: number): string => new Date((START + seconds) * 1000).toISOString().replace('.000', '')
    const stages = ['lower', 'both', 'switch', 'drain', 'clean', 'raise']
    const history = stages.map((stage, index) => ({
      stage,
      entered: at(index),
      visible: at(index),
      remembered: 300,
    }))
    await space.write('move.json', `${JSON.stringify({ ...file, history }, null, 2)}\n`)
    await space.write('mailsync.yaml', await space.read('new.yaml'))
    now += HOUR
    expect((await run('move', 'next', '--yes')).stdout).toContain('The move is over')
    expect(existsSync(space.path('move.json'))).toBe(false)
    expect(await address()).toMatch(/198\.51\.100\.20/)
  })
})
