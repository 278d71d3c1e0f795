import * as z from 'zod'
import { attemptsDoc, awsOptions, credentialDocs, credentialRules } from '../aws/options.js'
import type { OptionDoc } from '../provider.js'

const schema = z.strictObject(awsOptions).check(credentialRules)

export type Ec2Options = z.output<typeof schema>

/** Throws a ZodError that names everything that is wrong. */
export function parseOptions(input: unknown): Ec2Options {
  return schema.parse(input ?? {})
}

export const optionDocs: readonly OptionDoc[] = [
  { name: 'region', description: 'the region of the Elastic IPs', default: 'AWS_REGION, or that of the profile' },
  ...credentialDocs,
  { name: 'endpoint', description: 'another API address', default: 'AWS_ENDPOINT_URL_EC2, or AWS' },
  attemptsDoc,
]
