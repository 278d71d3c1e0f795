import { afterEach, describe, expect, test } from 'vitest'
import type { FakeAccount } from '../../fakes/addresses/fake-account.js'
import { Ec2Fake } from '../../fakes/ec2/ec2.js'
import { hetznerAccount } from '../../fakes/hetzner/addresses.js'
import { TOKEN } from '../../fakes/hetzner/hetzner.js'
import { type Ran, runMain } from '../workspace.js'

let fake: Ec2Fake | undefined
let account: FakeAccount | undefined
afterEach(() => {
  fake?.close()
  account?.close()
  fake = undefined
  account = undefined
})

const KEYS = ['access_key_id=AKIAIOSFODNN7EXAMPLE', 'secret_access_key=x', 'client_max_attempts=1', 'region=eu-west-1']
const options = KEYS.flatMap((one) => ['--option', one])
const ec2 = (...args: string[]): Promise<Ran> =>
  runMain(['conformance', 'ec2', ...options, '--name', 'try.example.net', ...args])

/** An account with three addresses that others may use, and one of ours. */
function elasticIps(): Ec2Fake {
  fake = new Ec2Fake()
  for (const address of ['9.9.9.10', '9.9.9.11', '9.9.9.12', '9.9.9.13']) fake.add(address)
  return fake
}
const ptrs = (): (string | undefined)[] => [...(fake?.addresses.values() ?? [])].map(({ ptr }) => ptr)

describe('the conformance suite at addresses of an account', () => {
  test('says at which and what it does there, passes, and gives the defaults back', async () => {
    elasticIps()
    const { code, stdout, stderr } = await ec2('--address', '9.9.9.10')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^ec2: \d+ conformance cases of mailsync /)
    expect(stdout).toContain(
      'The PTR of 9.9.9.10, which the suite calls 192.0.2.10, is set to names right below try.example.net. and given back.\n',
    )
    expect(stdout).toContain('Until then, mail from there may be refused.')
    expect(stdout).toContain('passed    the PTR of an IPv4 address is set, changed and given back\n')
    expect(stdout).toContain(
      'skipped   one name is the PTR of several addresses\n          it takes 1 more: --address, for 192.0.2.11 of the suite\n',
    )
    expect(stdout).toMatch(
      /, 0 failed, 0 rejected, \d+ skipped, of \d+ cases\.\nNothing of it is left at 9\.9\.9\.10\.\n$/,
    )
    const names = fake?.calls.flatMap(({ form }) => form.get('DomainName') ?? [])
    expect(new Set(names)).toEqual(new Set(['mail', 'smtp', 'theirs'].map((label) => `${label}.try.example.net`)))
    expect(ptrs()).toEqual([undefined, undefined, undefined, undefined])
  })

  test('tries more with more addresses, and never touches another', async () => {
    elasticIps().put('9.9.9.13', 'mail.example.com.')
    const three = ['9.9.9.10', '9.9.9.11', '9.9.9.12'].flatMap((address) => ['--address', address])
    const { code, stdout } = await ec2(...three, '--format', 'json')
    expect(code).toBe(0)
    const { failed, cases, addresses } = JSON.parse(stdout)
    expect(failed).toBe(0)
    expect(addresses[1]).toEqual({ address: '9.9.9.11', suite: '192.0.2.11', namesBelow: 'try.example.net.' })
    expect(cases.find(({ title }: { title: string }) => title.startsWith('several addresses in one'))).toMatchObject({
      outcome: 'passed',
    })
    expect(ptrs()).toEqual([undefined, undefined, undefined, 'mail.example.com.'])
  })

  test('takes a provider that has zones too, by its addresses', async () => {
    account = hetznerAccount()
    const address = ['--address', '192.0.2.10', '--address', '2001:db8:0:1::10', '--address', '2001:db8:0:1::11']
    const { code, stdout } = await runMain([
      'conformance',
      'hetzner',
      '--option',
      `token=${TOKEN}`,
      '--name',
      'try.example.net',
      ...address,
      '--only',
      'IPv6',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('1 passed, 0 failed')
    expect(account.ptrs.size).toBe(0)
  })

  test('tells that the names do not lead to the address, where the owner wants that', async () => {
    elasticIps().forward = new Map()
    const { code, stdout } = await ec2('--address', '9.9.9.10', '--only', 'set, changed')
    expect(code).toBe(1)
    expect(stdout).toContain('EC2 sets the PTR of 9.9.9.10 only once it sees that mail.try.example.net has the address')
  })
})

describe('an address', () => {
  test('that has a PTR is refused, and not touched', async () => {
    elasticIps().put('9.9.9.10', 'mail.example.com.')
    const { code, stdout, stderr } = await ec2('--address', '9.9.9.10')
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('9.9.9.10 has a PTR already: mail.example.com.')
    expect(ptrs()[0]).toBe('mail.example.com.')
    expect(fake?.actions().some((action) => /Modify|Reset/.test(action))).toBe(false)
  })

  test('whose PTR a killed run has left is cleared, which is told', async () => {
    elasticIps().put('9.9.9.10', 'smtp.try.example.net.')
    const { code, stdout } = await ec2('--address', '9.9.9.10', '--only', 'a stopped run')
    expect(code).toBe(0)
    expect(stdout).toContain('1 record set that a killed run had left is removed.')
    expect(ptrs()[0]).toBeUndefined()
  })

  test('that the account does not have is refused', async () => {
    elasticIps()
    const { code, stderr } = await ec2('--address', '9.9.9.99')
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('9.9.9.99 is no Elastic IP') })
  })

  test('that cannot be given back in the end is told', async () => {
    const account = elasticIps()
    const denied =
      '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>'
    account.fault = ({ action }) =>
      action === 'ResetAddressAttribute' ? { when: 'before', reply: { status: 403, body: denied } } : undefined
    const { code, stdout } = await ec2('--address', '9.9.9.10', '--only', 'set, changed')
    expect(code).toBe(1)
    expect(stdout).toContain('LEFT in arpa.: 10.9.9.9.in-addr.arpa. PTR')
  })
})

test.each([
  [['ec2', '--address', '9.9.9.10'], 'is tried with --address and --name, and without a zone'],
  [['ec2', '--name', 'try.example.net'], 'is tried with --address and --name, and without a zone'],
  [['ec2', '--address', '9.9.9.10', '--name', 'a.example', '--zone', 'a.example'], 'and without a zone'],
  [['ec2', '--address', '9.9.9', '--name', 'a.example'], 'is not an IP address'],
  [['yaml', '--option', 'directory=.', '--address', '9.9.9.10', '--name', 'a.example'], 'the class yaml has zones'],
  [['ec2', ...options], '--address 198.51.100.7 --name test.example'],
  [['ec2', ...options, '--zone', 'a.example'], 'holds no zones, only the PTRs of its addresses'],
  [['ec2', ...options, '--zone', 'a.example'], 'name addresses in place of a zone'],
  [['ec2', '--name', 'a.example', ...[1, 2, 3, 4].flatMap((n) => ['--address', `9.9.9.${n}`])], '3 IPv4 addresses are'],
])('%j is told what it lacks', async (args, words) => {
  const { code, stdout, stderr } = await runMain(['conformance', ...args])
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(words) })
})
