import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Ec2Fake } from '../../fakes/ec2/ec2.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const SECRET = 'a-secret-that-must-never-be-seen'

let fake: Ec2Fake
let space: Workspace
beforeEach(async () => {
  fake = new Ec2Fake()
  for (const octet of [10, 11, 12]) fake.add(`192.0.2.${octet}`)
  space = await workspace({ 'mailsync.yaml': '', 'zones/example.com.yaml': '{}\n' })
})
afterEach(async () => {
  fake.close()
  await space.remove()
})

/** Writes the spec with these hosts, at an Elastic IP owner named `aws`. */
async function hosts(lines: string, more = ''): Promise<void> {
  await space.write(
    'mailsync.yaml',
    `providers:
  local: { class: yaml, directory: zones }
  aws: { class: ec2, region: eu-west-1, access_key_id: AKIAIOSFODNN7EXAMPLE, secret_access_key: env/SECRET }
zones:
  example.com.: { targets: [local] }
${more}hosts:
${lines}
domains: {}
`,
  )
}

/** Looks nothing up: the names of these tests are in no DNS. */
const run = (command: string, ...args: string[]): Promise<Ran> =>
  space.run(['plan', 'apply'].includes(command) ? [command, '--no-dns', ...args] : [command, ...args], {
    env: { SECRET },
  })
const ptrs = (): Record<string, string> =>
  Object.fromEntries([...fake.addresses].flatMap(([address, { ptr }]) => (ptr === undefined ? [] : [[address, ptr]])))

const MAIL = '  mail.example.com: { addresses: [192.0.2.10], reverse: aws }'

describe('a host whose PTR an address owner keeps', () => {
  test('gets it in the place of the provider default, and gives that back when it leaves the spec', async () => {
    await hosts(MAIL)
    const plan = await run('plan')
    expect(plan).toMatchObject({ code: 0 })
    expect(plan.stdout).toMatch(
      /^arpa\. {2}aws {2}\(PTRs of addresses\)\n {2}\+ 10\.2\.0\.192\.in-addr\.arpa\. +PTR +mail\.example\.com\. .*mailsync\.yaml:7$/m,
    )
    expect(plan.stdout).toContain('(until now provider default ec2-192-0-2-10.eu-west-1.compute.amazonaws.com)')
    expect(ptrs()).toEqual({})

    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(ptrs()).toEqual({ '192.0.2.10': 'mail.example.com.' })
    expect(await space.read('owned/aws/arpa.yaml')).toContain('- 10.2.0.192.in-addr.arpa. PTR ptr')
    expect((await run('plan')).stdout).toMatch(/^Nothing to do/m)

    await hosts('  other.example.com: { addresses: [192.0.2.99], reverse: false }')
    const gone = await run('plan')
    expect(gone.stdout).toContain('- 10.2.0.192.in-addr.arpa.')
    expect(gone.stdout).toContain('(then provider default ec2-192-0-2-10.eu-west-1.compute.amazonaws.com again)')
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(ptrs()).toEqual({})
    expect((await run('plan')).stdout).toMatch(/^Nothing to do/m)
  })

  test('moves to another address: the new one is set before the old one is given back', async () => {
    await hosts(MAIL)
    await run('apply', '--yes')
    await hosts('  mail.example.com: { addresses: [192.0.2.11], reverse: aws }')
    fake.calls.length = 0
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(ptrs()).toEqual({ '192.0.2.11': 'mail.example.com.' })
    expect(fake.actions().filter((action) => /^(Modify|Reset)/.test(action))).toEqual([
      'ModifyAddressAttribute',
      'ResetAddressAttribute',
    ])
  })

  test('takes over the address of another host: its PTR is changed, as mailsync wrote it', async () => {
    await hosts(MAIL)
    await run('apply', '--yes')
    await hosts('  smtp.example.com: { addresses: [192.0.2.10], reverse: aws }')
    const { stdout } = await run('plan')
    expect(stdout).toContain('~ 10.2.0.192.in-addr.arpa.')
    expect(stdout).not.toContain('adopts')
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(ptrs()).toEqual({ '192.0.2.10': 'smtp.example.com.' })
  })

  test('has several addresses, each with its name', async () => {
    await hosts('  mail.example.com: { addresses: [192.0.2.10, 192.0.2.12], reverse: aws }')
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(ptrs()).toEqual({ '192.0.2.10': 'mail.example.com.', '192.0.2.12': 'mail.example.com.' })
  })

  test('shares its address with another: a PTR names one host, and nothing is planned', async () => {
    await hosts(`${MAIL}\n  smtp.example.com: { addresses: [192.0.2.10], reverse: aws }`)
    const { code, stderr } = await run('plan')
    expect(code).toBe(1)
    expect(stderr).toMatch(/mailsync\.yaml:8:.*10\.2\.0\.192\.in-addr\.arpa\. would have two names/)
    expect(fake.calls).toEqual([])
    await hosts(`${MAIL}\n  smtp.example.com: { addresses: [192.0.2.10], reverse: false }`)
    expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
    expect(ptrs()).toEqual({ '192.0.2.10': 'mail.example.com.' })
  })

  test('shares its address with a host whose PTR is in a classless zone: that is one PTR, too', async () => {
    await hosts(
      `${MAIL}\n  smtp.example.com: { addresses: [192.0.2.10] }`,
      '  0/25.2.0.192.in-addr.arpa.: { targets: [local] }\n',
    )
    const { code, stderr } = await run('plan')
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('would have two names') })
  })
})

test('a PTR that somebody else set is changed only with --adopt', async () => {
  fake.put('192.0.2.10', 'theirs.example.net.')
  await hosts(MAIL)
  const { stdout } = await run('plan')
  expect(stdout).toContain('adopts what mailsync did not write')
  expect(await run('apply', '--yes')).toMatchObject({ code: 3 })
  expect(ptrs()).toEqual({ '192.0.2.10': 'theirs.example.net.' })
  expect(await run('apply', '--yes', '--adopt')).toMatchObject({ code: 0 })
  expect(ptrs()).toEqual({ '192.0.2.10': 'mail.example.com.' })
})

test('a PTR that was there as wanted stays when its host leaves the spec', async () => {
  fake.put('192.0.2.10', 'mail.example.com.')
  await hosts(MAIL)
  await run('apply', '--yes')
  await hosts('  other.example.com: { addresses: [192.0.2.99], reverse: false }')
  const { stdout } = await run('plan')
  expect(stdout).toContain('stays: mailsync did not write it')
  await run('apply', '--yes')
  expect(ptrs()).toEqual({ '192.0.2.10': 'mail.example.com.' })
})

test('an address that the account does not have is told with its line, and nothing is written', async () => {
  await hosts(`${MAIL}\n  smtp.example.com: { addresses: [192.0.2.99, "2001:db8::1"], reverse: aws }`)
  const { code, stdout } = await run('plan')
  expect(code).toBe(1)
  expect(stdout).toMatch(/mailsync\.yaml:8:35.*192\.0\.2\.99 is no Elastic IP of this account in eu-west-1/)
  expect(stdout).toMatch(/mailsync\.yaml:8:47.*2001:db8::1 is no Elastic IP/)
  expect((await run('apply', '--yes')).code).toBe(1)
  expect(ptrs()).toEqual({})
})

test('an address that was given back to AWS is forgotten, and no error', async () => {
  await hosts(MAIL)
  await run('apply', '--yes')
  fake.addresses.delete('192.0.2.10')
  await hosts('  mail.example.com: { addresses: [192.0.2.11], reverse: aws }')
  expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
  expect(ptrs()).toEqual({ '192.0.2.11': 'mail.example.com.' })
  expect(await space.read('owned/aws/arpa.yaml')).not.toContain('10.2.0.192')
})

test('a name that does not lead to the address yet is told, with what to do, and the rest is written', async () => {
  await hosts(MAIL)
  fake.forward = new Map()
  const { code, stdout, stderr } = await run('apply', '--yes')
  expect(code).toBe(1)
  expect(stdout + stderr).toContain(
    'EC2 sets the PTR of 192.0.2.10 only once it sees that mail.example.com has the address',
  )
  expect(stdout + stderr).toContain('apply again after the A record of mail.example.com is seen')
  fake.forward.set('mail.example.com', '192.0.2.10')
  expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
  expect(ptrs()).toEqual({ '192.0.2.10': 'mail.example.com.' })
})

test('a saved plan is applied as it was reviewed, and refused once somebody else has set the PTR', async () => {
  await hosts(MAIL)
  expect(await run('plan', '--out', space.path('plan.json'))).toMatchObject({ code: 0 })
  fake.put('192.0.2.10', 'theirs.example.net.')
  expect(await run('apply', space.path('plan.json'), '--yes')).toMatchObject({ code: 3 })
  fake.put('192.0.2.10', undefined)
  expect(await run('apply', space.path('plan.json'), '--yes')).toMatchObject({ code: 0 })
  expect(ptrs()).toEqual({ '192.0.2.10': 'mail.example.com.' })
})

test('a declared zone goes first only where its own provider is named: an address owner holds no zones', async () => {
  await hosts(MAIL, '  2.0.192.in-addr.arpa.: { targets: [aws] }\n')
  const { code, stderr } = await run('plan')
  expect(code).toBe(1)
  expect(stderr).toContain('aws (class ec2) holds no zones, only the PTRs of its addresses')
})

test('a provider that no host names, and at which nothing is remembered, is not asked', async () => {
  await hosts('  mail.example.com: { addresses: [192.0.2.10], reverse: false }')
  await run('apply', '--yes')
  expect(fake.calls).toEqual([])
})

test('compile shows what the address owner is to keep, without asking it', async () => {
  await hosts(MAIL)
  const { code, stdout } = await run('compile')
  expect(code).toBe(0)
  expect(stdout).toContain('; Kept by "aws" with its addresses, in no zone.\n$ORIGIN arpa.')
  expect(stdout).toMatch(/^10\.2\.0\.192\.in-addr\s.*PTR\s+mail\.example\.com\.$/m)
  expect(fake.calls).toEqual([])
})

test('providers --check tells each address, and that one is not the account’s', async () => {
  fake.put('192.0.2.11', 'old.example.net.')
  await hosts('  mail.example.com: { addresses: [192.0.2.10, 192.0.2.11], reverse: aws }')
  const { code, stdout } = await run('providers', '--check')
  expect(code).toBe(0)
  expect(stdout).toContain(`arpa.  aws
  PTRs of its addresses; whether they can be set is only seen at the first write
  192.0.2.10: provider default ec2-192-0-2-10.eu-west-1.compute.amazonaws.com
  192.0.2.11: old.example.net
`)
  await hosts('  mail.example.com: { addresses: [192.0.2.99], reverse: aws }')
  const other = await run('providers', '--check')
  expect(other.code).toBe(1)
  expect(other.stdout).toContain('192.0.2.99 is no Elastic IP of this account')
})
