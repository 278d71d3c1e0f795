import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2'
import { expect, test } from 'vitest'
import { isMotoAvailable, missingMoto, startMoto } from '../../servers/moto.js'
import { BUILT_CLI, workspace } from '../workspace.js'

const run = promisify(execFile)

test('of the SDK of EC2 the bundle has what it uses', async () => {
  const folder = join(dirname(BUILT_CLI), 'chunks')
  const [file = ''] = (await readdir(folder)).filter((name) => /^ec2-\w+\.cjs$/.test(name))
  expect((await readFile(join(folder, file))).length).toBeLessThan(200_000)
})

test.skipIf(!isMotoAvailable)(
  isMotoAvailable ? 'the bundle publishes the address of an instance with a tag, at moto' : missingMoto(),
  async () => {
    const { endpoint, stop } = await startMoto()
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'moto-takes-any' }
    const client = new EC2Client({ region: 'eu-west-1', endpoint, credentials })
    const space = await workspace({
      'zones/example.com.yaml': '---\n{}\n',
      'mailsync.yaml': `
providers:
  local: { class: yaml, directory: zones }
  aws: { class: ec2, region: eu-west-1, endpoint: "${endpoint}", access_key_id: AKIAIOSFODNN7EXAMPLE, secret_access_key: moto-takes-any }
zones: { example.com.: { targets: [local] } }
hosts: { mail.example.com: { addresses: { from: [ec2:Name=mail] }, reverse: manual } }
domains: {}
`,
    })
    const apply = async (): Promise<string> =>
      (await run(process.execPath, [BUILT_CLI, 'apply', '--yes', '--no-dns'], { cwd: space.directory })).stdout
    try {
      const tag = { ResourceType: 'instance' as const, Tags: [{ Key: 'Name', Value: 'mail' }] }
      const { Instances: [started] = [] } = await client.send(
        new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, TagSpecifications: [tag] }),
      )
      const InstanceIds = [started?.InstanceId ?? '']
      const { Reservations: [found] = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds }))
      const address = String(found?.Instances?.[0]?.PublicIpAddress)
      expect(await apply()).toContain(`mail.example.com  ${address}  observed by ec2:Name=mail`)
      expect(await space.read('zones/example.com.yaml')).toContain(address)
      await client.send(new StopInstancesCommand({ InstanceIds }))
      expect(await apply()).toMatch(/the instance i-\w+ is stopped, not running/)
      expect(await space.read('zones/example.com.yaml')).toContain(address)
    } finally {
      client.destroy()
      await space.remove()
      await stop()
    }
  },
)
