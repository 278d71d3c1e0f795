import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Ran, type Workspace, workspace } from '../../cli/workspace.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type DnsStory, dnsStory, expectSafe } from './dns-story.js'

const AROUND = '2.0.192.in-addr.arpa.'
const SLASH = `0/26.${AROUND}`
const DASH = `64-26.${AROUND}`
const WHOLE = '113.0.203.in-addr.arpa.'
const SIX = '2.1.0.8.b.d.0.1.0.0.2.ip6.arpa.'
const REVERSE = [WHOLE, SLASH, DASH, SIX]
const CNAMES = [
  ...[10, 11, 12, 13].map((octet) => `${octet} CNAME ${octet}.${SLASH}`),
  ...[70, 71, 72, 73].map((octet) => `${octet} CNAME ${octet}.${DASH}`),
].join('\n')

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('skipped', () => {}))
else {
  let server: DnsServer
  let story: DnsStory
  let space: Workspace
  beforeAll(async () => {
    server = await startBind({ zoneSettings: 'check-integrity no;' })
    await server.addZone(AROUND, CNAMES)
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    for (const zone of ['example.com.', ...REVERSE]) await server.addZone(zone)
    space = await workspace({ 'mailsync.yaml': '' })
  })
  /** Looks at the zones of a test alone: each look is a transfer. */
  const lookAt = async (zones: readonly string[]): Promise<void> => {
    story = await dnsStory(server, ['example.com.', ...zones])
  }
  afterEach(async () => {
    story.close()
    await space.remove()
  })

  /** Hosts with their addresses, `reverse: false` where there is a `-` before. */
  const hosts = async (hosts: Readonly<Record<string, readonly string[]>>): Promise<void> => {
    const lines = Object.entries(hosts).map(([name, addresses]) => {
      const [, off, label] = /^(-?)(.*)$/.exec(name) ?? []
      return `  ${label}.example.com: { addresses: [${addresses.map((one) => `"${one}"`)}]${off ? ', reverse: false' : ''} }`
    })
    await space.write(
      'mailsync.yaml',
      `
providers:
  dns: ${rfc2136Options({ host: story.host, port: story.port, key: server.key })}
zones:
${['example.com.', ...REVERSE].map((zone) => `  ${zone}: { targets: [dns] }`).join('\n')}
hosts:
${lines.join('\n')}
domains: {}
`,
    )
  }
  const run = (...args: string[]): Promise<Ran> => space.run(args, { env: { TSIG_SECRET: server.key.secret } })

  /** Applies the hosts; every moment on the way is safe, and afterwards nothing is left to do. Gives what receivers see then. */
  async function becomes(wanted: Parameters<typeof hosts>[0]): Promise<Record<string, string>> {
    await hosts(wanted)
    await story.begin()
    expect(await run('apply', '--yes', '--force', '--no-dns')).toMatchObject({ code: 0, stderr: '' })
    expectSafe(story.moments)
    const { ptrs } = await story.begin()
    expect((await run('plan', '--no-dns', '--detailed-exitcode')).stdout).toContain('Nothing to do')
    return Object.fromEntries([...ptrs].map(([address, [name = '']]) => [address, name.replace('.example.com.', '')]))
  }

  describe.each([
    ['a whole zone', [WHOLE], ['203.0.113.10', '203.0.113.11', '203.0.113.12']],
    ['a classless zone in slash form', [SLASH, AROUND], ['192.0.2.10', '192.0.2.11', '192.0.2.12']],
    ['a classless zone in dash form', [DASH, AROUND], ['192.0.2.70', '192.0.2.71', '192.0.2.72']],
    ['ip6.arpa', [SIX], ['2001:db8:123::10', '2001:db8:123::11', '2001:db8:123::12']],
    ['zones of each kind', [WHOLE, DASH, SIX, AROUND], ['203.0.113.10', '192.0.2.70', '2001:db8:123::10']],
  ] as const)('PTRs in %s', (_, zones, [one, two, three]) => {
    beforeEach(() => lookAt(zones))

    test('several names on one address: the one that is to have it has it, and gives it to the other', async () => {
      expect(await becomes({ a: [one], '-b': [one] })).toEqual({ [one]: 'a' })
      expect(await becomes({ '-a': [one], b: [one] })).toEqual({ [one]: 'b' })
      await hosts({ a: [one], b: [one] })
      const { code, stderr } = await run('plan', '--no-dns')
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('would have two names') })
    })

    test('one name on several addresses: a PTR each, as many as there are', async () => {
      expect(await becomes({ a: [one, two, three] })).toEqual({ [one]: 'a', [two]: 'a', [three]: 'a' })
      expect(await becomes({ a: [one, three] })).toEqual({ [one]: 'a', [three]: 'a' })
    })

    test('a host that moves to another address', async () => {
      await becomes({ a: [one] })
      expect(await becomes({ a: [two] })).toEqual({ [two]: 'a' })
    })

    test('an address that moves to another host, and its host to another address', async () => {
      await becomes({ a: [one], b: [two] })
      expect(await becomes({ a: [three], b: [one] })).toEqual({ [one]: 'b', [three]: 'a' })
    })

    test('two hosts that change their addresses', async () => {
      await becomes({ a: [one], b: [two] })
      expect(await becomes({ a: [two], b: [one] })).toEqual({ [one]: 'b', [two]: 'a' })
    })

    test('a host that is removed', async () => {
      await becomes({ a: [one], b: [two] })
      expect(await becomes({ b: [two] })).toEqual({ [two]: 'b' })
    })

    test('a host that is renamed', async () => {
      await becomes({ a: [one, two] })
      expect(await becomes({ c: [one, two] })).toEqual({ [one]: 'c', [two]: 'c' })
    })
  })
}
