import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const MAIL = 'mail.example.com: { addresses: [192.0.2.10], reverse: false }'

interface Wanted {
  readonly zones: string
  readonly hosts?: string
  readonly domains: readonly string[]
}

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('what is whose on BIND', () => {}))
else
  describe('what is whose on BIND 9', () => {
    let one: DnsServer
    let two: DnsServer
    let space: Workspace
    beforeAll(async () => {
      one = await startBind()
      two = await startBind()
    })
    afterAll(() => Promise.all([one.stop(), two.stop()]))
    beforeEach(async () => {
      for (const server of [one, two])
        await server.addZone(
          'example.com.',
          [site('example.com.')],
          `allow-transfer { any; }; allow-update { key "${server.key.name}"; };`,
        )
      space = await workspace({})
    })
    afterEach(() => space.remove())

    const site = (name: string) => ({ type: 'TXT' as const, name: name as never, ttl: 300, rdata: ['site=abc'] })
    const run = (...args: string[]): Promise<Ran> =>
      space.run(args, { env: { ONE: one.key.secret, TWO: two.key.secret } })
    const write = ({ zones, hosts = MAIL, domains }: Wanted): Promise<unknown> =>
      space.write(
        'mailsync.yaml',
        `providers:
  one: ${rfc2136Options(one, 'env/ONE')}
  two: ${rfc2136Options(two, 'env/TWO')}
zones: { ${zones} }
hosts: { ${hosts} }
defaults: { dkim: false, dmarc: { policy: none } }
domains: { ${domains.map((name) => `${name}: { mx: [mail.example.com] }`).join(', ')} }
`,
      )
    const values = async (server: DnsServer, name: string, type: string): Promise<string[]> =>
      (await server.dig('+short', name, type)).split('\n').filter(Boolean).sort()
    const expectNothingToDo = async (): Promise<void> =>
      expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })

    test('a name that becomes a zone of its own takes ours with it, and a stranger’s stay where they are', async () => {
      const zones = 'example.com: { targets: [one] }'
      await write({ zones, domains: ['example.com', 'shop.example.com'] })
      expect((await run('apply', '--yes')).code).toBe(0)
      await one.nsupdate(
        'update add shop.example.com. 3600 TXT "stranger"\nupdate add shop.example.com. 300 A 192.0.2.70',
      )
      await one.addZone('shop.example.com.', [site('shop.example.com.')])
      await write({
        zones: `${zones}, shop.example.com: { targets: [one] }`,
        domains: ['example.com', 'shop.example.com'],
      })

      const { stdout } = await run('plan')
      const goes = [...stdout.matchAll(/ - (\S+(?: \S+)*)/g)].map(([, text]) => text)
      expect(goes).toEqual(['shop.example.com.', 'v=spf1 ip4:192.0.2.10 ~all', '_dmarc.shop.example.com.'])
      expect((await run('apply', '--yes')).code).toBe(0)
      await expectNothingToDo()
      expect(await values(one, 'shop.example.com.', 'TXT')).toEqual(['"site=abc"', '"v=spf1 ip4:192.0.2.10 ~all"'])
      expect(await values(one, '_mailsync.shop.example.com.', 'TXT')).toHaveLength(1)

      // The records of the zone around it that the new zone hides.
      const hidden = (await one.dig('+noall', '+answer', '+onesoa', 'example.com.', 'AXFR'))
        .split('\n')
        .filter((line) => /^\S*shop\.example\.com\./.test(line))
        .map((line) => line.replaceAll(/\s+/g, ' '))
      expect(hidden.sort()).toEqual([
        'shop.example.com. 300 IN A 192.0.2.70',
        'shop.example.com. 3600 IN TXT "stranger"',
      ])
    })

    test('of a second provider only what it holds of ours goes, also after it was left out for a while', async () => {
      const both = 'example.com: { targets: [one, two] }'
      const domains = ['example.com', 'news.example.com']
      // BIND takes no MX by update that leads to a name of its zone without an address.
      await two.nsupdate(
        'update add mail.example.com. 3600 A 192.0.2.10\nupdate add news.example.com. 3600 MX 10 mail.example.com.',
      )
      await write({ zones: 'example.com: { targets: [one] }', domains })
      expect((await run('apply', '--yes')).code).toBe(0)
      await write({ zones: both, domains })
      const { code, stdout } = await run('apply', '--yes')
      expect(code).toBe(0)
      expect(stdout).toMatch(/= news\.example\.com\. +MX +is there already as wanted/)
      await expectNothingToDo()

      await write({ zones: 'example.com: { targets: [one] }', domains: ['example.com'] })
      expect((await run('apply', '--yes', '--force')).code).toBe(0)
      expect(await values(two, '_dmarc.news.example.com.', 'TXT')).toEqual(['"v=DMARC1; p=none"'])

      await write({ zones: both, domains: ['example.com'] })
      const back = await run('plan')
      expect(back.stdout).toMatch(/= news\.example\.com\. +MX +stays: mailsync did not write it/)
      expect((await run('apply', '--yes', '--force')).code).toBe(0)
      await expectNothingToDo()
      for (const server of [one, two]) {
        expect(await values(server, '_dmarc.news.example.com.', 'TXT')).toEqual([])
        expect(await values(server, 'news.example.com.', 'TXT')).toEqual([])
        expect(await values(server, 'example.com.', 'TXT')).toEqual(['"site=abc"', '"v=spf1 ip4:192.0.2.10 ~all"'])
      }
      expect(await values(one, 'news.example.com.', 'MX')).toEqual([])
      expect(await values(two, 'news.example.com.', 'MX')).toEqual(['10 mail.example.com.'])
    })

    test('what only was there already stays where the host gets another name', async () => {
      const zones = 'example.com: { targets: [one] }'
      await one.nsupdate(
        'update add mail.example.com. 3600 A 192.0.2.10\nupdate add mail.example.com. 300 TXT "note=mine"',
      )
      await write({ zones, domains: ['example.com'] })
      expect((await run('apply', '--yes')).code).toBe(0)
      const text = await space.read('mailsync.yaml')
      await space.write('mailsync.yaml', text.replaceAll('mail.example.com', 'mx2.example.com'))
      expect((await run('plan')).stdout).toMatch(/= mail\.example\.com\. +A +stays: mailsync did not write it/)
      expect((await run('apply', '--yes', '--force')).code).toBe(0)
      await expectNothingToDo()
      expect(await values(one, 'mail.example.com.', 'A')).toEqual(['192.0.2.10'])
      expect(await values(one, 'mail.example.com.', 'TXT')).toEqual(['"note=mine"'])
      expect(await values(one, 'example.com.', 'MX')).toEqual(['10 mx2.example.com.'])
    })
  })
