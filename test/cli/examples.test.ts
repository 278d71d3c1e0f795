import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replyTo, startScriptedDns } from '../servers/scripted-dns.js'
import { runMain } from './workspace.js'

const SOA = {
  type: 'SOA',
  name: 'example.com',
  ttl: 60,
  data: { mname: 'a.example', rname: 'b.example', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 },
} as const

describe('the examples', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailsync-examples-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test.each(['home-server', 'nat-gateway', 'two-domains'])(
    '%s applies as it stands; then there is nothing to do',
    async (name) => {
      await cp(join('examples', name), folder, { recursive: true })
      const config = join(folder, 'mailsync.yaml')
      const applied = await runMain(['apply', '--yes', '--config', config])
      expect(applied).toMatchObject({ code: 0, stderr: '' })
      expect((await runMain(['plan', '--detailed-exitcode', '--config', config])).code).toBe(0)
    },
  )

  test('web-panel says what to enter', async () => {
    const server = await startScriptedDns((query) => replyTo(query, { answers: query.type === 'SOA' ? [SOA] : [] }))
    await cp('examples/web-panel', folder, { recursive: true })
    const config = join(folder, 'mailsync.yaml')
    const servers = `class: manual, servers: '${server.host}:${server.port}'`
    await writeFile(config, (await readFile(config, 'utf8')).replace('class: manual', servers))
    const { code, stdout } = await runMain(['apply', '--yes', '--config', config])
    server.close()
    expect(stdout).toContain(
      '     Host      @\n     Type      MX\n     Priority  10\n     Value     mail.example.com\n',
    )
    expect(stdout).toMatch(/\n5 steps are yours\.\n$/)
    expect(code).toBe(0)
  })

  test('home-server keeps what was in the zone file, comments too', async () => {
    await cp('examples/home-server', folder, { recursive: true })
    const file = join(folder, 'zones', 'example.com.yaml')
    await runMain(['apply', '--yes', '--config', join(folder, 'mailsync.yaml')])
    const text = await readFile(file, 'utf8')
    for (const kept of [
      '# What was here before mailsync, and stays as it is.',
      'MS=ms12345678',
      'ttl: 1800',
      'type: CNAME',
    ])
      expect(text).toContain(kept)
  })
})
