import { EC2Client } from '@aws-sdk/client-ec2'
import { MailsyncError } from '../../records/error.js'
import { clientConfig } from '../aws/client-config.js'
import { guardReplies, REPLY_TIME } from '../aws/replies.js'
import type { Calls } from '../calls/calls.js'
import { EC2 } from './errors.js'
import type { Ec2Options } from './options.js'

/** A client of one region, and its name. Makes no call. Throws `spec` where no region is known. */
export async function openClient(options: Ec2Options, calls?: Calls): Promise<{ client: EC2Client; region: string }> {
  const config = await clientConfig(options, REPLY_TIME)
  const { region } = options
  const client = new EC2Client({ ...config, ...(region === undefined ? {} : { region }) })
  guardReplies(client, EC2.name, REPLY_TIME, calls)
  return { client, region: await client.config.region().catch(noRegion) }
}

function noRegion(cause: unknown): never {
  throw new MailsyncError('spec', 'the region of the Elastic IPs is not known', {
    hint: 'write region: eu-west-1 at the provider, or set AWS_REGION',
    cause,
  })
}
