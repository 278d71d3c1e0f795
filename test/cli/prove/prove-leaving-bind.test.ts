import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

interface Row {
  readonly domain: string
  readonly address: string
  readonly servedTerm?: string
  readonly now: { readonly spf: { readonly result: string } }
  readonly after: { readonly spf: { readonly result: string } }
}

const HOSTS = `
  mail.example.com: { addresses: [192.0.2.10] }
  out.example.com: { addresses: [192.0.2.11] }`
const NEWS = `
  news.example.com: { mx: [mail.example.com], dkim: false }`
const EXAMPLE = '{ hosts: [out.example.com], include: [_spf.relay.example], addresses: [198.51.100.0/28] }'

onBind(
  'plan --prove on BIND, of senders that leave the spec',
  (server) => {
    let space: Workspace
    beforeAll(async () => {
      await server.addZone('relay.example.', [
        {
          type: 'TXT',
          name: '_spf.relay.example.' as Name,
          ttl: 300,
          rdata: ['v=spf1 ip4:203.0.113.0/26 ip4:203.0.113.128/26 -all'],
        },
      ])
    })
    beforeEach(async () => {
      await server.addZone('example.com.', [])
      space = await workspace({})
      await write()
      expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    })
    afterEach(() => space.remove())
    const write = ({ hosts = HOSTS, domain = `mx: [mail.example.com], spf: ${EXAMPLE}`, more = NEWS } = {}) => {
      const { host, port, key } = server
      return space.write(
        'mailsync.yaml',
        `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones:
  example.com.: { targets: [dns] }
defaults: { ttl: 300, dkim: false, dmarc: { policy: reject } }
hosts:${hosts}
domains:
  example.com: { ${domain} }${more}
`,
      )
    }
    const run = (...args: string[]): Promise<Ran> =>
      space.run([...args, '--resolver', `${server.host}:${server.port}`], { env: { TSIG_SECRET: server.key.secret } })
    const plan = async () => {
      const { code, stdout } = await run('plan', '--prove', '--format', 'json')
      const rows: Row[] = JSON.parse(stdout).proof.rows
      const left = rows.flatMap(({ domain, address, servedTerm, now, after }) =>
        servedTerm === undefined
          ? []
          : [`${domain} ${address} by ${servedTerm}: ${now.spf.result} → ${after.spf.result}`],
      )
      return { code, left, rows: rows.length }
    }

    test('spf.hosts loses a host: it is refused, and said how to go on', async () => {
      const spf = EXAMPLE.replace('hosts: [out.example.com], ', '')
      await write({ domain: `mx: [mail.example.com], spf: ${spf}` })
      expect(await plan()).toMatchObject({
        code: 3,
        left: ['example.com. 192.0.2.11 by ip4:192.0.2.11: pass → softfail'],
      })
      const { stdout } = await run('plan', '--prove')
      expect(stdout).toContain('192.0.2.11 out.example.com')
      expect(stdout).toContain('no longer in the spec; the SPF served now has ip4:192.0.2.11')
      const refused = await run('apply', '--yes', '--prove')
      expect(refused.code).toBe(3)
      expect(refused.stderr).toContain('mail of example.com from 192.0.2.11, out.example.com, passes SPF now')
      expect(refused.stderr).toContain(
        'the spec no longer names who sends by ip4:192.0.2.11; name it for example.com again, or, if it sends no more, run apply with --force',
      )
      expect(await run('apply', '--yes', '--prove', '--force')).toMatchObject({ code: 0 })
      expect(await plan()).toMatchObject({ code: 0, left: [] })
    })

    test('so is a host that leaves the spec with its address', async () => {
      await write({
        hosts: HOSTS.replace(/\n {2}out.*/, ''),
        domain: `mx: [mail.example.com], spf: ${EXAMPLE.replace('hosts: [out.example.com], ', '')}`,
      })
      expect(await plan()).toMatchObject({
        code: 3,
        left: ['example.com. 192.0.2.11 by ip4:192.0.2.11: pass → softfail'],
      })
    })

    test('a domain leaves the spec', async () => {
      await write({ more: '' })
      expect(await plan()).toMatchObject({
        code: 3,
        left: ['news.example.com. 192.0.2.10 by ip4:192.0.2.10: pass → none'],
      })
    })

    test('mail: none: every sender is told', async () => {
      await write({ domain: 'mail: none' })
      const { code, left } = await plan()
      expect(code).toBe(3)
      expect(left.sort()).toEqual([
        'example.com. 192.0.2.10 by ip4:192.0.2.10: pass → fail',
        'example.com. 192.0.2.11 by ip4:192.0.2.11: pass → fail',
        'example.com. 198.51.100.0 by ip4:198.51.100.0/28: pass → fail',
        'example.com. 203.0.113.0 by include:_spf.relay.example: pass → fail',
        'example.com. 203.0.113.128 by include:_spf.relay.example: pass → fail',
      ])
    })

    test('an include is removed: the first address of each of its networks is judged', async () => {
      await write({ domain: `mx: [mail.example.com], spf: ${EXAMPLE.replace('include: [_spf.relay.example], ', '')}` })
      expect(await plan()).toMatchObject({
        code: 3,
        left: [
          'example.com. 203.0.113.0 by include:_spf.relay.example: pass → softfail',
          'example.com. 203.0.113.128 by include:_spf.relay.example: pass → softfail',
        ],
      })
    })

    test('a plan that keeps all senders has no further rows, whatever else of SPF and DMARC it changes', async () => {
      const { rows } = await plan()
      await write({
        hosts: `${HOSTS}\n  new.example.com: { addresses: [192.0.2.12] }`,
        domain: `mx: [mail.example.com], dmarc: { policy: quarantine }, spf: ${EXAMPLE.replace('[out.example.com]', '[out.example.com, new.example.com]')}`,
      })
      expect(await plan()).toEqual({ code: 0, left: [], rows: rows + 1 })
      expect(await run('apply', '--yes', '--prove')).toMatchObject({ code: 0 })
    })

    test('the last of very many addresses is seen too', async () => {
      const many = Array.from({ length: 20 }, (_, index) => `192.0.2.${100 + index}`)
      const spf = (addresses: readonly string[]) => `mx: [mail.example.com], spf: { addresses: [${addresses}] }`
      await write({ domain: spf(many) })
      expect(await run('apply', '--yes', '--force')).toMatchObject({ code: 0 })
      await write({ domain: spf(many.slice(0, -1)) })
      expect((await plan()).left).toEqual(['example.com. 192.0.2.119 by ip4:192.0.2.119: pass → softfail'])
    })

    test('a sender that moves into a network of the spec is still let in', async () => {
      const spf = EXAMPLE.replace('hosts: [out.example.com]', 'mx: true').replace('198.51.100.0/28', '192.0.2.0/28')
      await write({ domain: `mx: [mail.example.com], spf: ${spf}` })
      expect((await plan()).left).toEqual(['example.com. 198.51.100.0 by ip4:198.51.100.0/28: pass → softfail'])
    })
  },
  { recursion: true, zones: { 'com.': '', 'in-addr.arpa.': '' } },
)
