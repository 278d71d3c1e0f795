import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { isUpdate, startProxy } from '../../providers/rfc2136/proxy.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { eventsIn } from '../fleet.js'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

const KEY =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDeMVIzrCa3T14JsNY0IRv5/2V1/v2itlviLQBwXsa7shBD6TrBkswsFUToPyMRWC9tbR/5ey0nRBH0ZVxp+lsmTxid2Y2z+FApQ6ra2VsXfbJP3HE6wAO0YTVEJt1TmeczhEd2Jiz/fcabIISgXEdSpTYJhb0ct0VJRxcg4c8c7wIDAQAB'

type Access = Pick<DnsServer, 'host' | 'port' | 'key'>

function spec(
  { host, port, key }: Access,
  { address = '192.0.2.10', domains = ['example.com'], more = '' } = {},
): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones:
  example.com.: { targets: [dns] }
  example.net.: { targets: [dns] }
hosts:
  mail.example.com: { addresses: [${address}], reverse: false }
defaults: { dkim: false, dmarc: { policy: reject } }
domains:
${domains.map((name) => `  ${name}: { mx: [mail.example.com] }`).join('\n')}
${more}`
}

onBind('mailsync on BIND 9', (server) => {
  let space: Workspace
  let env: Record<string, string>
  beforeAll(async () => {
    env = { TSIG_SECRET: server.key.secret }
  })
  beforeEach(async () => {
    for (const zone of ['example.com.', 'example.net.'])
      await server.addZone(zone, [{ type: 'TXT', name: zone as never, ttl: 300, rdata: ['site=abc', 'MS=ms1'] }])
    space = await workspace({ 'mailsync.yaml': spec(server) })
  })
  afterEach(() => space.remove())
  const run = (...args: string[]) => space.run(args, { env })
  const apexTxt = async (zone = 'example.com.') => (await server.dig('+short', zone, 'TXT')).trim().split('\n').sort()

  test('each message to the server is counted, as what it asks', async () => {
    const { stderr } = await run('apply', '--yes', '--log', 'json')
    const calls = eventsIn(stderr).filter(({ event }) => event === 'call')
    expect(calls.map(({ what, outcome }) => `${what} ${outcome}`).sort()).toEqual([
      'AXFR example.com. ok',
      'AXFR example.net. ok',
      'UPDATE example.com. ok',
    ])
  })

  test('plan writes nothing, and says with 2 that changes are pending; apply makes them; then there is nothing to do', async () => {
    expect((await run('plan', '--detailed-exitcode')).code).toBe(2)
    expect(await apexTxt()).toEqual(['"MS=ms1"', '"site=abc"'])
    const applied = await run('apply', '--yes')
    expect(applied).toMatchObject({ code: 0, stderr: '' })
    expect(applied.stdout).toContain('(2 other values kept)')
    expect(await apexTxt()).toEqual(['"MS=ms1"', '"site=abc"', '"v=spf1 ip4:192.0.2.10 ~all"'])
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0, stderr: '' })
  })

  test('the records of relays are made, and then there is nothing to do; what leaves the spec goes', async () => {
    const relays = `    relays:
      fastmail: {}
      amazon-ses: { region: ap-northeast-2, tokens: [a1, b2, c3], mail_from: bounce }
      postmark: { selector: 20240101000000pm, key: "k=rsa; p=${KEY}", return_path: pm-bounces }
`
    const [head = ''] = spec(server).split('domains:')
    const text = `${head}domains:\n  example.com:\n    mx: [mail.example.com]\n`
    await space.write('mailsync.yaml', text + relays)
    expect(await run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' })
    expect(await server.dig('+short', 'b2._domainkey.example.com.', 'CNAME')).toBe('b2.dkim.amazonses.com.\n')
    expect(await server.dig('+short', 'fm3._domainkey.example.com.', 'CNAME')).toBe(
      'fm3.example.com.dkim.fmhosted.com.\n',
    )
    expect(await server.dig('+short', 'bounce.example.com.', 'MX')).toBe(
      '10 feedback-smtp.ap-northeast-2.amazonses.com.\n',
    )
    expect(await server.dig('+short', 'bounce.example.com.', 'TXT')).toBe('"v=spf1 include:amazonses.com ~all"\n')
    expect(await server.dig('+short', 'pm-bounces.example.com.', 'CNAME')).toBe('pm.mtasv.net.\n')
    expect(await apexTxt()).toContain('"v=spf1 ip4:192.0.2.10 include:spf.messagingengine.com ~all"')
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })

    await space.write('mailsync.yaml', text)
    expect((await run('apply', '--yes', '--force')).code).toBe(0)
    for (const [name, type] of [
      ['a1._domainkey', 'CNAME'],
      ['bounce', 'MX'],
      ['bounce', 'TXT'],
      ['pm-bounces', 'CNAME'],
      ['20240101000000pm._domainkey', 'TXT'],
    ])
      expect(await server.dig('+short', `${name}.example.com.`, type as string)).toBe('')
  })

  test('what stands there of a relay is imported by its name, and the plan after it is empty', async () => {
    const tokens = ['a1', 'b2', 'c3'].map((t) => `${t}._domainkey.example.com. 300 CNAME ${t}.dkim.amazonses.com.`)
    const bounce = [
      'bounce.example.com. 300 MX 10 feedback-smtp.eu-west-1.amazonses.com.',
      'bounce.example.com. 300 TXT "v=spf1 include:amazonses.com ~all"',
    ]
    await server.nsupdate([...tokens, ...bounce].map((record) => `update add ${record}`).join('\n'))
    const { host, port, key } = server
    const from = { host, port, key_name: key.name, key_secret: 'env/TSIG_SECRET', key_algorithm: key.algorithm }
    const options = Object.entries(from).flatMap(([name, value]) => ['--option', `${name}=${value}`])
    const file = space.path('imported.yaml')
    expect((await run('import', 'example.com', '--class', 'rfc2136', ...options, '--out', file)).code).toBe(0)
    expect(await space.read('imported.yaml')).toContain(
      'relays: { amazon-ses: { tokens: [a1, b2, c3], mail_from: bounce, region: eu-west-1 } }',
    )
    await space.write('mailsync.yaml', await space.read('imported.yaml'))
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  })

  test('a saved plan is carried out exactly, and only once', async () => {
    const file = space.path('plan.json')
    expect((await run('plan', '--out', file)).code).toBe(0)
    expect((await run('apply', file, '--yes')).code).toBe(0)
    expect(await server.dig('+short', 'example.com.', 'MX')).toBe('10 mail.example.com.\n')
    const again = await run('apply', file, '--yes')
    expect(again.code).toBe(3)
    expect(again.stderr).toContain('is stale; nothing was written')
  })

  test('a saved plan is refused when somebody changed what it is about, and nothing is written', async () => {
    const file = space.path('plan.json')
    await run('plan', '--out', file)
    await server.nsupdate('update add example.com. 300 TXT "new=stranger"')
    const refused = await run('apply', file, '--yes')
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain('example.com. at dns: example.com. TXT: DNS holds something else now')
    expect(await server.dig('+short', 'example.com.', 'MX')).toBe('')
    expect(await apexTxt()).toEqual(['"MS=ms1"', '"new=stranger"', '"site=abc"'])
  })

  test('what a saved plan is not about may change', async () => {
    const file = space.path('plan.json')
    await run('plan', '--out', file)
    await server.nsupdate('update add www.example.com. 300 A 192.0.2.80')
    expect((await run('apply', file, '--yes')).code).toBe(0)
  })

  test('a stranger’s SPF is replaced only with --adopt, and is shown before', async () => {
    await server.nsupdate('update add example.com. 300 TXT "v=spf1 include:old.example -all"')
    const refused = await run('apply', '--yes')
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain('v=spf1 include:old.example -all')
    expect(await apexTxt()).toContain('"v=spf1 include:old.example -all"')
    expect((await run('apply', '--yes', '--adopt')).code).toBe(0)
    expect(await apexTxt()).toEqual(['"MS=ms1"', '"site=abc"', '"v=spf1 ip4:192.0.2.10 ~all"'])
  })

  test('emptying the spec needs --force, and leaves exactly the strangers', async () => {
    await run('apply', '--yes')
    await space.write(
      'mailsync.yaml',
      spec(server, { domains: ['example.net'] })
        .replace('mail.example.com:', 'mail.example.net:')
        .replaceAll('[mail.example.com]', '[mail.example.net]'),
    )
    expect((await run('apply', '--yes')).code).toBe(3)
    expect((await run('apply', '--yes', '--force')).code).toBe(0)
    expect(await apexTxt()).toEqual(['"MS=ms1"', '"site=abc"'])
    expect(await server.dig('+short', '_mailsync.example.com.', 'TXT')).toBe('')
    expect(await server.dig('+short', 'mail.example.com.', 'A')).toBe('')
  })

  test('a zone that fails harms no other, and is named', async () => {
    await space.write(
      'mailsync.yaml',
      spec(server, { domains: ['example.com', 'not.served'], more: '' })
        .replace('  example.net.:', '  served.:')
        .replace('served.:', 'not.served.:'),
    )
    const result = await run('apply', '--yes')
    expect(result.code).toBe(1)
    expect(result.stdout).toContain('not.served.')
    expect(await server.dig('+short', 'example.com.', 'MX')).toBe('10 mail.example.com.\n')
  })

  test('a missing variable is told with its place, and never its value', async () => {
    const result = await space.run(['plan'], { env: {} })
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(
      /mailsync\.yaml:3:\d+ +error +provider dns: the environment variable TSIG_SECRET is not set/,
    )
    const wrong = await space.run(['plan'], {
      env: { TSIG_SECRET: Buffer.from('another secret').toString('base64') },
    })
    expect(wrong.code).toBe(1)
    expect(wrong.stdout + wrong.stderr).not.toContain(Buffer.from('another secret').toString('base64'))
  })

  test('of two applies at once one wins each zone and the other is told; together they converge', async () => {
    const [a, b] = await Promise.all([run('apply', '--yes'), run('apply', '--yes')])
    expect([a.code, b.code].sort()).not.toEqual([3, 3])
    for (const { code } of [a, b]) expect([0, 3]).toContain(code)
    expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
    expect(await apexTxt()).toEqual(['"MS=ms1"', '"site=abc"', '"v=spf1 ip4:192.0.2.10 ~all"'])
  })

  test('the loser of a race is told what was changed meanwhile, and its zone is untouched by it', async () => {
    const proxy = await startProxy(server, {
      onRequest: async (message) => {
        if (isUpdate(message)) await server.nsupdate('update add example.com. 300 TXT "late=stranger"')
        return message
      },
    })
    try {
      await space.write('mailsync.yaml', spec(proxy))
      const lost = await run('apply', '--yes')
      expect(lost.code).toBe(3)
      expect(lost.stdout).toContain('is not what the plan saw')
      expect(await apexTxt()).toEqual(['"MS=ms1"', '"late=stranger"', '"site=abc"'])
    } finally {
      proxy.close()
    }
  })

  test('--domain changes one domain and its hosts, deletes nothing, and the rest stays ours', async () => {
    await space.write('mailsync.yaml', spec(server, { domains: ['example.com', 'example.net'] }))
    await run('apply', '--yes')
    await space.write('mailsync.yaml', spec(server, { address: '192.0.2.11', domains: ['example.net'] }))
    const limited = await run('apply', '--yes', '--domain', 'example.net')
    expect(limited.code).toBe(0)
    expect(await server.dig('+short', 'mail.example.com.', 'A')).toBe('192.0.2.11\n')
    expect(await server.dig('+short', 'example.com.', 'MX')).toBe('10 mail.example.com.\n')
    const rest = await run('plan', '--format', 'json')
    const { zones } = JSON.parse(rest.stdout) as { zones: { zone: string; removed: number }[] }
    expect(zones).toMatchObject([{ zone: 'example.com.', removed: 3 }])
  })

  test('Ctrl-C lets the write in flight finish and says what is left', async () => {
    await space.write('mailsync.yaml', spec(server, { domains: ['example.com', 'example.net'] }))
    let seen = 0
    const proxy = await startProxy(server, {
      onRequest: (message) => {
        if (isUpdate(message)) {
          seen += 1
          child?.kill('SIGINT')
        }
        return message
      },
      onReply: async (message) => {
        if (isUpdate(message)) await new Promise((resolve) => setTimeout(resolve, 300))
        return message
      },
    })
    let child: ReturnType<typeof spawn> | undefined
    try {
      await space.write('mailsync.yaml', spec(proxy, { domains: ['example.com', 'example.net'] }))
      child = spawn(
        process.execPath,
        [BUILT_CLI, 'apply', '--yes', '--parallel', '1', '--config', space.path('mailsync.yaml')],
        { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
      )
      const [stdout, , [code]] = await Promise.all([
        text(child.stdout as never),
        text(child.stderr as never),
        once(child, 'exit'),
      ])
      expect(code).toBe(1)
      expect(seen).toBe(1)
      expect(stdout).toContain('Not begun, because the run was stopped: example.net. at dns')
      await space.write('mailsync.yaml', spec(server, { domains: ['example.com', 'example.net'] }))
      expect((await run('apply', '--yes')).code).toBe(0)
      expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
    } finally {
      proxy.close()
    }
  })
})
