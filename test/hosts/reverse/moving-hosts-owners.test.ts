import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Ran, type Workspace, workspace } from '../../cli/workspace.js'
import { Ec2Fake } from '../../fakes/ec2/ec2.js'
import { hetznerAccount } from '../../fakes/hetzner/addresses.js'
import { TOKEN } from '../../fakes/hetzner/hetzner.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type DnsStory, dnsStory, type Moment } from './dns-story.js'

/** An account with the addresses 192.0.2.10 to 12. */
interface Account {
  /** PTRs that somebody has set, by address. */
  ptrs(): Record<string, string>
  close(): void
}

type OnWrite = (address: string, ptr: string | undefined) => void

const ACCOUNTS: readonly [string, string, (onWrite: OnWrite) => Account][] = [
  [
    'ec2',
    'class: ec2, region: eu-west-1, access_key_id: AKIAIOSFODNN7EXAMPLE, secret_access_key: env/SECRET',
    (onWrite) => {
      const fake = new Ec2Fake()
      for (const octet of [10, 11, 12]) fake.add(`192.0.2.${octet}`)
      fake.fault = ({ action, form }) => {
        const [address] = [...fake.addresses].find(([, one]) => one.allocationId === form.get('AllocationId')) ?? []
        if (address && /^(Modify|Reset)/.test(action)) onWrite(address, form.get('DomainName') ?? undefined)
        return undefined
      }
      const ptrs = () => [...fake.addresses].flatMap(([address, { ptr }]) => (ptr ? [[address, ptr]] : []))
      return { ptrs: () => Object.fromEntries(ptrs()), close: () => fake.close() }
    },
  ],
  [
    'hetzner',
    'class: hetzner, token: env/TOKEN',
    (onWrite) => {
      const account = hetznerAccount()
      account.faultOn((request) => {
        const { ip, dns_ptr: ptr } = request.body ?? {}
        if (account.isWrite(request)) onWrite(ip, ptr ?? undefined)
        return false
      }, 'not-json')
      return { ptrs: () => Object.fromEntries(account.ptrs), close: () => account.close() }
    },
  ],
]

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('skipped', () => {}))
else {
  let server: DnsServer
  beforeAll(async () => {
    server = await startBind()
  })
  afterAll(() => server.stop())

  describe.each(ACCOUNTS)('PTRs at %s, with the names on BIND', (_, options, open) => {
    let story: DnsStory
    let account: Account
    let space: Workspace
    let now: Moment
    let written: string[]
    beforeEach(async () => {
      await server.addZone('example.com.')
      story = await dnsStory(server, ['example.com.'], (moment) => {
        now = moment
      })
      written = []
      account = open((address, ptr) => {
        const name = ptr ?? account.ptrs()[address] ?? ''
        const addresses = now.forward.get(`${name.replace(/\.$/, '')}.`) ?? []
        const isSafe = ptr === undefined ? addresses.length > 0 : addresses.includes(address)
        written.push(`${ptr ?? 'default'} ${address}${isSafe ? '' : ` while ${name} has ${addresses}`}`)
      })
      space = await workspace({ 'mailsync.yaml': '' })
    })
    afterEach(async () => {
      account.close()
      story.close()
      await space.remove()
    })

    const run = (...args: string[]): Promise<Ran> =>
      space.run([...args, '--no-dns'], { env: { TSIG_SECRET: server.key.secret, SECRET: 'x', TOKEN } })

    /** Applies hosts; gives the PTRs that are written on the way, and then those that there are. */
    async function becomes(...hosts: string[]): Promise<[string[], Record<string, string>]> {
      await space.write(
        'mailsync.yaml',
        `
providers:
  dns: ${rfc2136Options({ host: story.host, port: story.port, key: server.key })}
  owner: { ${options} }
zones: { example.com.: { targets: [dns] } }
hosts:
${hosts.map((host) => `  ${host}`).join('\n')}
domains: {}
`,
      )
      await story.begin()
      written.length = 0
      expect(await run('apply', '--yes', '--force')).toMatchObject({ code: 0, stderr: '' })
      const ptrs = Object.entries(account.ptrs()).map(([address, ptr]) => [address, ptr.replace(/\.$/, '')])
      expect((await run('plan', '--detailed-exitcode')).stdout).toContain('Nothing to do')
      return [[...written].sort(), Object.fromEntries(ptrs)]
    }
    const host = (name: string, ...addresses: string[]): string =>
      `${name}.example.com: { addresses: [${addresses}], reverse: owner }`
    const [ONE, TWO, THREE] = ['192.0.2.10', '192.0.2.11', '192.0.2.12'] as const

    test('several names on one address: the one that is to have it has it, and gives it to the other', async () => {
      const quiet = (name: string): string => host(name, ONE).replace('reverse: owner', 'reverse: false')
      expect(await becomes(host('a', ONE), quiet('b'))).toEqual([[`a.example.com ${ONE}`], { [ONE]: 'a.example.com' }])
      expect(await becomes(quiet('a'), host('b', ONE))).toEqual([[`b.example.com ${ONE}`], { [ONE]: 'b.example.com' }])
    })

    test('one name on several addresses: a PTR each, as many as there are', async () => {
      const [, three] = await becomes(host('a', ONE, TWO, THREE))
      expect(three).toEqual({ [ONE]: 'a.example.com', [TWO]: 'a.example.com', [THREE]: 'a.example.com' })
      expect(await becomes(host('a', ONE, THREE))).toEqual([
        [`default ${TWO}`],
        { [ONE]: 'a.example.com', [THREE]: 'a.example.com' },
      ])
    })

    test('a host that moves to another address: its name has that before the PTR, and the old one is given back', async () => {
      await becomes(host('a', ONE))
      expect(await becomes(host('a', TWO))).toEqual([
        [`a.example.com ${TWO}`, `default ${ONE}`],
        { [TWO]: 'a.example.com' },
      ])
    })

    test('an address that moves to another host, and its host to another address', async () => {
      await becomes(host('a', ONE), host('b', TWO))
      expect(await becomes(host('a', THREE), host('b', ONE))).toEqual([
        [`a.example.com ${THREE}`, `b.example.com ${ONE}`, `default ${TWO}`],
        { [ONE]: 'b.example.com', [THREE]: 'a.example.com' },
      ])
    })

    test('two hosts that change their addresses', async () => {
      await becomes(host('a', ONE), host('b', TWO))
      expect(await becomes(host('a', TWO), host('b', ONE))).toEqual([
        [`a.example.com ${TWO}`, `b.example.com ${ONE}`],
        { [ONE]: 'b.example.com', [TWO]: 'a.example.com' },
      ])
    })

    test('a host that is removed: its PTR is given back while it still has its address', async () => {
      await becomes(host('a', ONE), host('b', TWO))
      expect(await becomes(host('b', TWO))).toEqual([[`default ${ONE}`], { [TWO]: 'b.example.com' }])
    })

    test('a PTR that goes from an owner into no hands at all is given back, and the address stays', async () => {
      await becomes(host('a', ONE))
      const manual = host('a', ONE).replace('reverse: owner', 'reverse: manual')
      await space.write('mailsync.yaml', (await space.read('mailsync.yaml')).replace(host('a', ONE), manual))
      written.length = 0
      expect(await run('apply', '--yes', '--force')).toMatchObject({ code: 0, stderr: '' })
      expect(written).toEqual([`default ${ONE}`])
      expect(now.forward.get('a.example.com.')).toEqual([ONE])
    })
  })
}
