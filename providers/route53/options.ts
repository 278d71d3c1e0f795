import * as z from 'zod'
import { attemptsDoc, awsOptions, credentialDocs, credentialRules } from '../aws/options.js'
import type { OptionDoc } from '../provider.js'

const schema = z
  .strictObject({
    ...awsOptions,
    zone_id: z
      .string()
      .regex(/^(?:\/hostedzone\/)?[A-Z0-9]{1,32}$/, 'the id of a hosted zone, such as Z08884732BUJ6RTD8CVTI')
      .transform((id) => id.replace('/hostedzone/', ''))
      .optional(),
  })
  .check(credentialRules)

export type Route53Options = z.output<typeof schema>

/** Throws a ZodError that names everything that is wrong. */
export function parseOptions(input: unknown): Route53Options {
  return schema.parse(input ?? {})
}

export const optionDocs: readonly OptionDoc[] = [
  ...credentialDocs,
  { name: 'zone_id', description: 'the one hosted zone this provider serves, where several have its name' },
  { name: 'region', description: 'tells the AWS partition apart', default: 'AWS_REGION, the profile, us-east-1' },
  { name: 'endpoint', description: 'another API address', default: 'AWS_ENDPOINT_URL_ROUTE_53, or AWS' },
  attemptsDoc,
]
