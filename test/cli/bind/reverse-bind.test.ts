import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const AROUND = '2.0.192.in-addr.arpa.'

onBind(
  'reverse names on BIND 9',
  (server) => {
    let space: Workspace | undefined
    beforeEach(() =>
      server.addZone('example.com.', 'mail A 192.0.2.10\nmail AAAA 2001:db8:1234:5678::10\nnew A 192.0.2.70'),
    )
    afterEach(() => space?.remove())

    const spec = (zones: readonly string[], hosts = 'mail.example.com: { addresses: [192.0.2.10] }') => `
providers:
  dns: ${rfc2136Options(server)}
zones:
${['example.com.', ...zones].map((zone) => `  ${zone}: { targets: [dns] }`).join('\n')}
hosts:
  ${hosts}
domains:
  example.com: { mx: [${/^[^:]+/.exec(hosts)}], dkim: false, dmarc: false }
`
    const write = async (...args: Parameters<typeof spec>): Promise<void> => {
      await space?.remove()
      space = await workspace({ 'mailsync.yaml': spec(...args) })
    }
    const run = (...args: string[]): Promise<Ran> =>
      (space as Workspace).run(
        [...args, ...(args[0] === 'compile' ? [] : ['--resolver', `${server.host}:${server.port}`])],
        {
          env: { TSIG_SECRET: server.key.secret },
        },
      )
    const ptrs = async (address: string): Promise<string[]> =>
      (await server.dig('+short', '-x', address, 'PTR'))
        .trim()
        .split('\n')
        .filter((line) => line.endsWith('example.com.'))

    describe.each([
      ['slash', '0/26', '10'],
      ['dash', '0-26', '10'],
      ['range', '0-63', '10'],
    ])('in a classless zone in %s form, whose /24 others serve', (_, label, octet) => {
      const zone = `${label}.${AROUND}`
      beforeEach(async () => {
        await server.addZone(zone)
        await write([zone])
      })

      test('the PTR is written where the CNAME leads, and receivers see it', async () => {
        await server.addZone(AROUND, `${octet} CNAME ${octet}.${zone}`)
        const applied = await run('apply', '--yes')
        expect(applied).toMatchObject({ code: 0, stderr: '' })
        expect(applied.stdout).not.toContain('To do by hand')
        expect(await ptrs('192.0.2.10')).toEqual(['mail.example.com.'])
        expect((await run('plan', '--detailed-exitcode')).stdout).toContain('Nothing to do')
      })

      test('a CNAME that is missing there is a step with a text to send, until it shows', async () => {
        await server.addZone(AROUND)
        const { stdout } = await run('plan')
        expect(stdout).toContain(`have the reverse names of 192.0.2.10 lead into ${zone.slice(0, -1)}`)
        expect(stdout).toContain(`  10.2.0.192.in-addr.arpa. 3600 CNAME 10.${zone}`)
        const compiled = await run('compile')
        expect(compiled.stderr).toContain(`10.2.0.192.in-addr.arpa. 3600 CNAME 10.${zone}`)
        await server.nsupdate(`zone ${AROUND}\nupdate add 10.${AROUND} 60 CNAME 10.${zone}`)
        expect((await run('plan')).stdout).not.toContain('To do by hand')
      })
    })

    test('a zone of a free label is found by the CNAME that DNS shows; without DNS the PTR is a step', async () => {
      const zone = `customer7.${AROUND}`
      await server.addZone(zone)
      await server.addZone(AROUND, `10 CNAME 10.${zone}`)
      await write([zone])
      expect((await run('plan', '--no-dns')).stdout).toContain('set the PTR of 192.0.2.10 to mail.example.com')
      expect((await run('apply', '--yes')).code).toBe(0)
      expect(await ptrs('192.0.2.10')).toEqual(['mail.example.com.'])
    })

    test('so it is where the CNAME leads out of the tree of reverse names', async () => {
      await server.addZone('rev.example.net.')
      await server.addZone(AROUND, '10 CNAME h10.rev.example.net.')
      await write(['rev.example.net.'])
      expect((await run('apply', '--yes')).code).toBe(0)
      expect(await ptrs('192.0.2.10')).toEqual(['mail.example.com.'])
    })

    test('a zone of a free label is found by the CNAME in the /24 that is served here', async () => {
      const zone = `customer7.${AROUND}`
      await server.addZone(zone)
      await server.addZone(AROUND, `10 CNAME 10.${zone}\n* TXT "kept"`)
      await write([zone, AROUND])
      const planned = await run('plan')
      expect(planned).toMatchObject({ code: 0 })
      expect(planned.stdout).toMatch(/\+ 10\.customer7\.2\.0\.192\.in-addr\.arpa\. +PTR/)
      expect((await run('apply', '--yes')).code).toBe(0)
      expect(await ptrs('192.0.2.10')).toEqual(['mail.example.com.'])
      expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
    })

    test.each([
      ['in a zone of its own', `10 CNAME 10.customer7.${AROUND}\ncustomer7 NS ns.example.net.`, `customer7.${AROUND}`],
      ['elsewhere', '10 CNAME h10.rev.example.net.', 'rev.example.net.'],
    ])(
      'a CNAME in the way that leads %s names the zone to declare, and is never to be removed',
      async (_, lines, zone) => {
        await server.addZone(AROUND, lines)
        await write([AROUND])
        const { code, stdout } = await run('plan')
        expect(code).toBe(1)
        expect(stdout).toContain(`declare the zone ${zone}`)
        expect(stdout).not.toContain('remove the CNAME')
      },
    )

    test('a CNAME into the same zone is followed there', async () => {
      await server.addZone(AROUND, `10 CNAME 10.inner.${AROUND}`)
      await write([AROUND])
      expect((await run('apply', '--yes')).code).toBe(0)
      expect(await ptrs('192.0.2.10')).toEqual(['mail.example.com.'])
      expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
    })

    test('a classless zone that the CNAME of the /24 does not lead to is a warning with what it leads to', async () => {
      await server.addZone(`0/26.${AROUND}`)
      await server.addZone(AROUND, '10 CNAME h10.rev.example.net.')
      await write([`0/26.${AROUND}`, AROUND])
      const { stdout } = await run('plan')
      expect(stdout).toContain(`10.${AROUND} is a CNAME of h10.rev.example.net.: receivers never see it`)
      await server.addZone(AROUND)
      const missing = await run('plan')
      expect(missing.stdout).toContain(`add to ${AROUND}: 10.${AROUND} CNAME 10.0/26.${AROUND}`)
    })

    test.each([
      ['8.b.d.0.1.0.0.2.ip6.arpa.', '/32'],
      ['3.2.1.8.b.d.0.1.0.0.2.ip6.arpa.', '/44'],
      ['8.7.6.5.4.3.2.1.8.b.d.0.1.0.0.2.ip6.arpa.', '/64'],
      ['0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.7.6.5.4.3.2.1.8.b.d.0.1.0.0.2.ip6.arpa.', '/128'],
    ])('ip6.arpa: %s is %s', async (zone) => {
      await server.addZone(zone)
      await write([zone], 'mail.example.com: { addresses: ["2001:db8:1234:5678::10"] }')
      expect((await run('apply', '--yes')).code).toBe(0)
      expect(await ptrs('2001:db8:1234:5678::10')).toEqual(['mail.example.com.'])
    })

    test('two zones that cover an address equally are an error', async () => {
      await write([`0/26.${AROUND}`, `0-63.${AROUND}`])
      const { code, stderr } = await run('plan')
      expect(code).toBe(1)
      expect(stderr).toContain('192.0.2.10 is in 0-63.2.0.192.in-addr.arpa and in 0/26.2.0.192.in-addr.arpa')
    })

    describe('a PTR that others have to set', () => {
      const shown = async (lines: string, hosts?: string): Promise<string> => {
        await server.addZone('113.0.203.in-addr.arpa.', lines)
        await write([], hosts ?? 'mail.example.com: { addresses: [203.0.113.10] }')
        return (await run('plan')).stdout
      }
      beforeEach(() => server.addZone('example.com.', 'mail A 203.0.113.10'))

      test('is a step with the address, both names, and a text to send', async () => {
        expect(await shown('')).toContain(`To do by hand
  set the PTR of 203.0.113.10 to mail.example.com, at whoever gave you the address (PTR name: 10.113.0.203.in-addr.arpa.)  ${space?.path('mailsync.yaml')}:7
    because receivers refuse mail from an address whose reverse name does not lead back to it
    Address       203.0.113.10
    Reverse name  10.113.0.203.in-addr.arpa. (the address backwards)
    Target        mail.example.com.
    Ask           your ISP or hosting provider: whoever gave you the address
    To send
      Please set the reverse DNS (PTR record) of our address
        203.0.113.10
      to the name
        mail.example.com

      As a record, where the address is written backwards already:
        10.113.0.203.in-addr.arpa. PTR mail.example.com.
      It should be the only PTR of the address.
`)
      })

      test('is gone once DNS shows it and the name has the address', async () => {
        expect(await shown('10 PTR mail.example.com.')).not.toContain('To do by hand')
      })

      test('waits for the address of the name, with nothing to ask for', async () => {
        await server.addZone('example.com.')
        const stdout = await shown('10 PTR mail.example.com.')
        expect(stdout).toContain('Wait; there is nothing to enter: set the PTR of 203.0.113.10')
        expect(stdout).toContain('mail.example.com has no A record in DNS, not 203.0.113.10')
        expect(stdout).not.toContain('Please set')
      })

      test.each([
        [
          'another name',
          '10 PTR static.10.113.0.203.clients.example.net.',
          'looks like the default name of whoever owns the address',
        ],
        [
          'the zone behind the name',
          '10 PTR mail.example.com',
          'the PTR leads to mail.example.com.113.0.203.in-addr.arpa.: the zone was put behind the name',
        ],
        ['two PTRs', '10 PTR mail.example.com.\n10 PTR old.example.net.', '203.0.113.10 has 2 PTRs'],
        [
          'the address forwards',
          '203.0.113.10 PTR mail.example.com.',
          'a PTR to mail.example.com stands at 203.0.113.10.113.0.203.in-addr.arpa.: the address is written forwards',
        ],
        [
          'the zone twice',
          '10.113.0.203.in-addr.arpa PTR mail.example.com.',
          'stands at 10.113.0.203.in-addr.arpa.113.0.203.in-addr.arpa.: the zone is there twice',
        ],
      ])('is explained where it has %s', async (_, lines, said) => {
        const stdout = await shown(lines)
        expect(stdout).toContain(said)
        expect(stdout).toContain('Please set')
      })

      test('is a step with a remark where nothing answers', async () => {
        await write([], 'mail.example.com: { addresses: [203.0.113.10] }')
        const { stdout, code } = await (space as Workspace).run(['plan', '--resolver', '127.0.0.1:9'], {
          env: { TSIG_SECRET: server.key.secret },
        })
        expect(code).toBe(0)
        expect(stdout).toContain('it is not known whether it is done')
        expect(stdout).toContain('Please set')
      })

      test('is in JSON, Markdown and HTML too, and no look-up is made with --no-dns', async () => {
        await shown('10 PTR mail.example.com.')
        const { manual } = JSON.parse((await run('plan', '--no-dns', '--format', 'json')).stdout)
        expect(manual).toMatchObject([
          {
            reverse: { address: '203.0.113.10', name: '10.113.0.203.in-addr.arpa.', target: 'mail.example.com.' },
            request: { text: expect.stringContaining('10.113.0.203.in-addr.arpa. PTR mail.example.com.') },
          },
        ])
        const { stdout } = await run('plan', '--no-dns', '--format', 'markdown')
        expect(stdout).toContain('- [ ] set the PTR of `203.0.113.10` to `mail.example.com`')
        expect(stdout).toContain('    10.113.0.203.in-addr.arpa. PTR mail.example.com.')
        const html = await run('plan', '--no-dns', '--format', 'html')
        expect(html.stdout).toContain('to the name\n  mail.example.com\n')
      })
    })
  },
  { recursion: true, zoneSettings: 'check-integrity no;' },
)
