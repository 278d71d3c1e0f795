import {
  AllocateAddressCommand,
  CreateNatGatewayCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { never } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/ec2/index.js'
import type { Provider } from '../../../providers/provider.js'
import { Ec2Fake, ec2Error, type FakeInstance } from '../../fakes/ec2/ec2.js'
import { isMotoAvailable, missingMoto, startMoto } from '../../servers/moto.js'

const KEYS = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: 'x', client_max_attempts: 1 }
const MAIL = { Name: 'mail', env: 'live' }

let fake: Ec2Fake
let provider: Provider
beforeEach(async () => {
  fake = new Ec2Fake()
  provider = await plugin.connect({ region: 'eu-west-1', ...KEYS }, { directory: '/', zones: [] })
})
afterEach(async () => {
  await provider.close?.()
  fake.close()
})

const mail = { key: 'Name', value: 'mail' }
const tagged = (): Promise<readonly string[]> => provider.tagged?.(mail, never) as Promise<readonly string[]>
const instance = (over: Partial<FakeInstance>): FakeInstance => ({
  id: 'i-0a1b',
  state: 'running',
  tags: MAIL,
  four: [],
  six: [],
  ...over,
})

describe('the addresses of a tag', () => {
  test('are those of Elastic IPs, instances and NAT gateways that have it, each once', async () => {
    fake.add('9.9.9.10', undefined, MAIL)
    fake.add('9.9.9.11', undefined, { Name: 'web' })
    fake.add('9.9.9.12')
    fake.instances.push(
      instance({ four: ['9.9.9.10', '9.9.9.20'], six: ['2a05:d018::20'] }),
      instance({ id: 'i-web', tags: { Name: 'web' }, four: ['9.9.9.30'] }),
    )
    fake.natGateways.push(
      { tags: MAIL, state: 'available', addresses: ['9.9.9.40', '9.9.9.41'] },
      { tags: MAIL, state: 'deleted', addresses: ['9.9.9.42'] },
    )
    expect([...(await tagged())].sort()).toEqual(['2a05:d018::20', '9.9.9.10', '9.9.9.20', '9.9.9.40', '9.9.9.41'])
  })

  test('are none where nothing has it, and without those of instances that are gone', async () => {
    fake.instances.push(instance({ state: 'terminated', four: ['9.9.9.20'] }))
    expect(await tagged()).toEqual([])
  })

  test('leave out the private IPv6 addresses of a VPC', async () => {
    fake.instances.push(instance({ six: ['fd00:ec2::20', '2a05:d018::20'] }))
    expect(await tagged()).toEqual(['2a05:d018::20'])
  })

  test('are read to the end of every listing', async () => {
    fake.pageSize = 2
    for (let octet = 1; octet <= 5; octet++) {
      fake.instances.push(instance({ id: `i-${octet}`, four: [`9.9.9.${octet}`] }))
      fake.natGateways.push({ tags: MAIL, state: 'available', addresses: [`9.9.8.${octet}`] })
    }
    expect(await tagged()).toHaveLength(10)
  })

  test.each(['pending', 'stopping', 'stopped'] as const)(
    'are not known while an instance is %s: it may come back with others',
    async (state) => {
      fake.add('9.9.9.10', undefined, MAIL)
      fake.instances.push(instance({ state }))
      await expect(tagged()).rejects.toMatchObject({
        code: 'unavailable',
        message: `the instance i-0a1b is ${state}, not running`,
      })
    },
  )

  test.each(['DescribeAddresses', 'DescribeInstances', 'DescribeNatGateways'])(
    'are not known where %s alone may not be called',
    async (action) => {
      fake.add('9.9.9.10', undefined, MAIL)
      const denied = ec2Error(403, 'UnauthorizedOperation', `You are not authorized to perform: ec2:${action}`)
      fake.fault = (call) => (call.action === action ? denied : undefined)
      await expect(tagged()).rejects.toMatchObject({
        code: 'permission',
        message: expect.stringContaining(`ec2:${action}`),
      })
    },
  )

  test('are not known where a page is cut off', async () => {
    fake.instances.push(instance({ four: ['9.9.9.20'] }))
    fake.fault = ({ action }) =>
      action === 'DescribeInstances'
        ? { when: 'before', reply: { status: 200, body: '<?xml version="1.0"?><DescribeInstancesResp' } }
        : undefined
    await expect(tagged()).rejects.toMatchObject({ name: 'MailsyncError' })
  })

  test('are not known where something in between answers with an empty document', async () => {
    fake.fault = () => ({ when: 'before', reply: { status: 200, body: '' } })
    await expect(tagged()).rejects.toMatchObject({ name: 'MailsyncError' })
  })
})

describe.skipIf(!isMotoAvailable)(isMotoAvailable ? 'at moto' : missingMoto(), () => {
  test('the addresses of a tag are those that moto has', async () => {
    fake.close()
    const { endpoint, stop } = await startMoto()
    const client = new EC2Client({
      region: 'eu-west-1',
      endpoint,
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    })
    const there = await plugin.connect({ region: 'eu-west-1', endpoint, ...KEYS }, { directory: '/', zones: [] })
    try {
      const tags = (ResourceType: 'elastic-ip' | 'instance' | 'natgateway') => ({
        TagSpecifications: [{ ResourceType, Tags: [{ Key: 'Name', Value: 'mail' }] }],
      })
      expect(await there.tagged?.(mail, never)).toEqual([])
      const { Subnets: [subnet] = [] } = await client.send(new DescribeSubnetsCommand({}))
      await client.send(new AllocateAddressCommand({ Domain: 'vpc' }))
      const own = await client.send(new AllocateAddressCommand({ Domain: 'vpc', ...tags('elastic-ip') }))
      const image = { ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
      await client.send(new RunInstancesCommand(image))
      const { Instances: [started] = [] } = await client.send(
        new RunInstancesCommand({ ...image, ...tags('instance') }),
      )
      const InstanceIds = [started?.InstanceId ?? '']
      const { Reservations: [run] = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds }))
      const behind = await client.send(new AllocateAddressCommand({ Domain: 'vpc' }))
      await client.send(
        new CreateNatGatewayCommand({
          SubnetId: subnet?.SubnetId,
          AllocationId: behind.AllocationId,
          ...tags('natgateway'),
        }),
      )
      const wanted = [own.PublicIp, run?.Instances?.[0]?.PublicIpAddress, behind.PublicIp]
      expect(wanted).not.toContain(undefined)
      expect([...((await there.tagged?.(mail, never)) ?? [])].sort()).toEqual(wanted.sort())
      await client.send(new StopInstancesCommand({ InstanceIds }))
      await expect(there.tagged?.(mail, never)).rejects.toMatchObject({ code: 'unavailable' })
      await client.send(new TerminateInstancesCommand({ InstanceIds }))
      expect(await there.tagged?.(mail, never)).toHaveLength(2)
    } finally {
      client.destroy()
      await there.close?.()
      await stop()
    }
  })
})
