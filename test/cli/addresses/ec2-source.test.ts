import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Ec2Fake, ec2Error, type FakeInstance } from '../../fakes/ec2/ec2.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const SECRET = 'a-secret-that-must-never-be-seen'
const KEYS = 'access_key_id: AKIAIOSFODNN7EXAMPLE, secret_access_key: env/SECRET, client_max_attempts: 1'
const AWS = `  aws: { class: ec2, region: eu-west-1, ${KEYS} }\n`

let fake: Ec2Fake
let space: Workspace
let machine: FakeInstance
beforeEach(() => {
  fake = new Ec2Fake()
  machine = { id: 'i-0a1b', state: 'running', tags: { Name: 'mail' }, four: ['9.9.9.10'], six: [] }
  fake.instances.push(machine)
})
afterEach(async () => {
  fake.close()
  await space.remove()
})

async function start(from: string, { providers = AWS } = {}): Promise<void> {
  space = await workspace({
    'zones/example.com.yaml': '---\n{}\n',
    'six.txt': '2a05:d018::10\n',
    'mailsync.yaml': `
providers:
  local: { class: yaml, directory: zones }
${providers}zones: { example.com.: { targets: [local] } }
hosts:
  mail.example.com: { addresses: { from: [${from}] }, reverse: false }
domains:
  example.com: { mx: [mail.example.com], dkim: false, dmarc: false }
`,
  })
}
const run = (...args: string[]): Promise<Ran> => space.run(args, { env: { ...process.env, SECRET } })
const apply = (): Promise<Ran> => run('apply', '--yes', '--no-dns')
const plan = (): Promise<Ran> => run('plan', '--no-dns')
const zone = (): Promise<string> => space.read('zones/example.com.yaml')

describe('a host whose addresses have a tag at AWS', () => {
  test('has what the instance has, and follows it', async () => {
    await start('ec2:Name=mail')
    const first = await apply()
    expect(first).toMatchObject({ code: 0 })
    expect(first.stdout).toContain('mail.example.com  9.9.9.10  observed by ec2:Name=mail')
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.10 ~all')
    machine.four = ['9.9.9.11']
    machine.six = ['2a05:d018::11']
    expect(await apply()).toMatchObject({ code: 0 })
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.11 ip6:2a05:d018::11 ~all')
    expect(await zone()).not.toContain('9.9.9.10')
  })

  test('gets its PTR at the same provider, after its A', async () => {
    fake.add('9.9.9.30', undefined, { Name: 'mail' })
    fake.instances.length = 0
    await start('ec2:Name=mail')
    await space.write('mailsync.yaml', (await space.read('mailsync.yaml')).replace('reverse: false', 'reverse: aws'))
    expect(await apply()).toMatchObject({ code: 0 })
    expect(fake.addresses.get('9.9.9.30')?.ptr).toBe('mail.example.com.')
  })

  test('is not known while the instance is stopped, and stays as it is', async () => {
    await start('ec2:Name=mail')
    await apply()
    const before = await zone()
    machine.state = 'stopped'
    machine.four = []
    const { code, stdout } = await apply()
    expect(code).toBe(0)
    expect(stdout).toContain(
      'the addresses of mail.example.com are not known: ec2:Name=mail: the instance i-0a1b is stopped, not running',
    )
    expect(await zone()).toBe(before)
  })

  test('is not known where nothing has the tag any more, and stays as it is', async () => {
    await start('ec2:Name=mail')
    await apply()
    const before = await zone()
    fake.instances.length = 0
    const { code, stdout } = await apply()
    expect(code).toBe(0)
    expect(stdout).toContain('ec2:Name=mail: it tells no address')
    expect(await zone()).toBe(before)
  })

  test.each([
    ['UnauthorizedOperation', 403, 'may not ec2:DescribeInstances'],
    ['RequestLimitExceeded', 503, 'Request limit exceeded'],
    ['AuthFailure', 401, 'access key'],
  ])('is not known when EC2 answers %s, and no secret is shown', async (code, status, words) => {
    await start('ec2:Name=mail')
    await apply()
    const before = await zone()
    fake.fault = ({ action }) =>
      action === 'DescribeInstances' ? ec2Error(status, code, `${code}: Request limit exceeded ${SECRET}`) : undefined
    const { stdout, stderr } = await apply()
    expect(stdout).toContain('the addresses of mail.example.com are not known: ec2:Name=mail: ')
    expect(stdout).toContain(words)
    expect(stdout + stderr).not.toContain(SECRET)
    expect(await zone()).toBe(before)
  })

  test.each([
    ['192.0.2.10', 'a documentation'],
    ['10.0.0.10', 'a private or shared'],
    ['100.64.0.10', 'a private or shared'],
  ])('never gets %s', async (address, kind) => {
    machine.four = [address]
    await start('ec2:Name=mail')
    expect((await apply()).stdout).toContain(`${address} is ${kind} address, and is not published`)
    expect(await zone()).not.toContain(address)
  })
})

describe('the provider of a tag', () => {
  const TWO = `${AWS}  seoul: { class: ec2, region: ap-northeast-2, ${KEYS} }\n`

  test('is named where several are of the class', async () => {
    await start('ec2:Name=mail', { providers: TWO })
    const { code, stderr } = await plan()
    expect(code).toBe(1)
    expect(stderr).toContain('2 providers are of class ec2')
    expect(stderr).toContain('write the name of one in its place: aws:Name=mail or seoul:Name=mail')
    expect(fake.calls).toEqual([])
    await space.write('mailsync.yaml', (await space.read('mailsync.yaml')).replace('ec2:Name', 'aws:Name'))
    expect((await plan()).stdout).toContain('mail.example.com  9.9.9.10  observed by aws:Name=mail')
  })

  test.each([
    ['ec2:mail', 'it names no tag with a value', AWS],
    ['ec2:Name=mail', 'it is no source of addresses', ''],
    ['toString:Name=mail', 'it is no source of addresses', AWS],
  ])('%s is an error of the spec where it cannot be meant', async (from, words, providers) => {
    await start(from, { providers })
    const { code, stderr } = await plan()
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(words) })
  })

  test('has to know tags', async () => {
    await start('local:Name=mail')
    const { code, stderr } = await plan()
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/mailsync\.yaml:7:34.*local:Name=mail: class yaml tells no addresses by tag/),
    })
  })

  test('has to have the right options, and the variables that they name', async () => {
    await start('ec2:Name=mail', { providers: AWS.replace('region:', 'regoin:') })
    expect(await plan()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ec2:Name=mail: provider aws: .*regoin/),
    })
    await space.write('mailsync.yaml', (await space.read('mailsync.yaml')).replace('regoin', 'region'))
    const { code, stderr } = await space.run(['plan', '--no-dns'], { env: {} })
    expect(code).toBe(1)
    expect(stderr).toContain('provider aws: the environment variable SECRET is not set')
  })
})

describe('sources that tell the addresses together', () => {
  test('are all asked', async () => {
    await start('[ec2:Name=mail, "exec:cat six.txt"]')
    expect((await plan()).stdout).toContain(
      'mail.example.com  2a05:d018::10, 9.9.9.10  observed by ec2:Name=mail and exec:cat six.txt',
    )
  })

  test('leave everything as it is where one of them fails, and say which', async () => {
    await start('[ec2:Name=mail, "exec:cat six.txt"]')
    await apply()
    const before = await zone()
    expect(before).toContain('v=spf1 ip4:9.9.9.10 ip6:2a05:d018::10 ~all')
    machine.four = ['9.9.9.11']
    await space.write('six.txt', '')
    const { code, stdout } = await apply()
    expect(code).toBe(0)
    expect(stdout).toContain('are not known: exec:cat six.txt: it tells no address')
    expect(stdout).not.toContain('9.9.9.11')
    expect(await zone()).toBe(before)
  })

  test('give way to those after them, and the plan says why', async () => {
    await start('[ec2:Name=none, "exec:cat six.txt"], ec2:Name=mail')
    const { stdout } = await plan()
    expect(stdout).toContain('mail.example.com  9.9.9.10  observed by ec2:Name=mail')
    expect(stdout).toContain('as ec2:Name=none: it tells no address')
  })
})
