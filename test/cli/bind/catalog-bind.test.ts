import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { freePort } from '../../servers/server-process.js'
import { type Workspace, workspace } from '../workspace.js'

const CATALOG = 'catalog.invalid.'

function spec({ host, port, key }: DnsServer, catalog: string, zones = ['example.com', 'mail-eu.example']): string {
  return `
providers:
  dns: { class: rfc2136, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: env/TSIG_SECRET }
zones:
  ${CATALOG}: { targets: [dns], catalog: ${catalog} }
${zones.map((zone) => `  ${zone}.: { targets: [dns] }`).join('\n')}
hosts:
  mail.example.com: { addresses: [192.0.2.10], reverse: false }
defaults: { dkim: false, dmarc: { policy: reject } }
domains:
${zones.map((zone) => `  ${zone}: { mx: [mail.example.com] }`).join('\n')}
`
}

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('catalog zones', () => {}))
else
  describe('a catalog zone of a primary (BIND 9) that a secondary (BIND 9) reads', () => {
    let primary: DnsServer
    let secondary: DnsServer
    let space: Workspace
    let settings: string
    beforeAll(async () => {
      const port = await freePort()
      primary = await startBind()
      const from = `{ 127.0.0.1 port ${primary.port}; }`
      secondary = await startBind({
        port,
        serverSettings: `catalog-zones { zone "${CATALOG}" default-primaries ${from} in-memory yes min-update-interval 1; };`,
        otherZones: `zone "${CATALOG}" { type secondary; primaries ${from}; file "catalog.db"; };`,
      })
      settings = `allow-transfer { any; }; allow-update { key "${primary.key.name}"; }; notify explicit; also-notify { 127.0.0.1 port ${port}; };`
    })
    afterAll(async () => {
      await secondary?.stop()
      await primary?.stop()
    })
    beforeEach(async () => {
      for (const zone of ['example.com.', 'mail-eu.example.', 'theirs.example.']) await servedAnew(zone)
      await catalogWith('version 0 IN TXT "2"', 'u1.zones 0 IN PTR theirs.example.')
      space = await workspace({ 'mailsync.yaml': spec(primary, 'true') })
    })
    afterEach(() => space.remove())

    let serial = 0
    /** With a serial that is higher each time, or the secondary would keep what it has. */
    const servedAnew = (zone: string, ...lines: string[]) => {
      serial += 100
      const head = [
        `@ 60 IN SOA ns1.mailsync.test. hostmaster.mailsync.test. ${serial} 60 60 604800 60`,
        '@ 60 IN NS ns1.mailsync.test.',
      ]
      return primary.addZone(zone, [...head, ...lines].join('\n'), settings)
    }
    const catalogWith = (...lines: string[]) => servedAnew(CATALOG, ...lines)
    const run = (...args: string[]) => space.run(args, { env: { TSIG_SECRET: primary.key.secret } })
    const members = async (): Promise<string[]> => {
      const text = await primary.dig('+noall', '+answer', CATALOG, 'AXFR')
      return [...text.matchAll(/^(\S+)\.zones\.\S+\s.*\sPTR\s+(\S+)$/gm)]
        .map(([, label, zone]) => `${label} ${zone}`)
        .sort()
    }
    const served = async (question: string, answer: string): Promise<void> => {
      let found = ''
      for (let attempt = 0; attempt < 300; attempt++) {
        found = await secondary.dig('+noall', '+comments', '+answer', ...question.split(' '))
        if (found.includes(answer)) return
        await sleep(100)
      }
      throw new Error(`${question}: no ${answer} in ${found}\n${secondary.log().slice(-3000)}`)
    }

    test('has the zones of the spec after apply, and the secondary serves them; a member of somebody else stays', async () => {
      const plan = await run('plan')
      expect(plan.stdout).toContain('example-com.zones.catalog.invalid.')
      expect(plan.stdout).toContain('mail--eu-example.zones.catalog.invalid.')
      expect(await run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' })
      expect(await members()).toEqual([
        'example-com example.com.',
        'mail--eu-example mail-eu.example.',
        'u1 theirs.example.',
      ])
      await served('example.com MX', 'mail.example.com.')
      await served('mail-eu.example MX', 'mail.example.com.')
      await served('theirs.example SOA', 'NOERROR')
      expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0, stderr: '' })
    })

    test('loses the zone that leaves the spec, and no other', async () => {
      await run('apply', '--yes')
      await served('mail-eu.example MX', 'mail.example.com.')
      await space.write('mailsync.yaml', spec(primary, 'true', ['example.com']))
      const applied = await run('apply', '--yes', '--force')
      expect(applied).toMatchObject({ code: 0 })
      expect(applied.stdout).toMatch(
        /warning +mail-eu\.example leaves the catalog: secondaries that read it stop serving it/,
      )
      expect(await members()).toEqual(['example-com example.com.', 'u1 theirs.example.'])
      await served('mail-eu.example SOA', 'REFUSED')
      await served('example.com MX', 'mail.example.com.')
    })

    test('that has a zone under another label does not get it twice', async () => {
      await catalogWith('version 0 IN TXT "2"', 'u1.zones 0 IN PTR Example.com.')
      expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
      expect(await members()).toEqual(['mail--eu-example mail-eu.example.', 'u1 Example.com.'])
      await served('mail-eu.example MX', 'mail.example.com.')
    })

    test('has the group of each member where the spec says one', async () => {
      await space.write('mailsync.yaml', spec(primary, '{ group: mail }'))
      expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
      expect(await primary.dig('+short', `group.example-com.zones.${CATALOG}`, 'TXT')).toBe('"mail"\n')
      await served('example.com MX', 'mail.example.com.')
    })

    for (const [what, line, told] of [
      ['no version', 'x IN A 192.0.2.1', 'it has no version'],
      ['another version', 'version 0 IN TXT "3"', 'its version is "3"'],
    ] as const)
      test(`with ${what} is not written to, and the plan says what to do`, async () => {
        await catalogWith(line)
        const { code, stdout, stderr } = await run('apply', '--yes')
        expect(code).not.toBe(0)
        expect(`${stdout}${stderr}`).toContain(`catalog.invalid is no catalog zone: ${told}`)
        expect(`${stdout}${stderr}`).toMatch(/mailsync\.yaml:5:\d+/)
        expect(await members()).toEqual([])
      })
  })
