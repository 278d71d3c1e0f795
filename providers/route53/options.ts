import * as z from 'zod'
import type { OptionDoc } from '../provider.js'

const text = z.string().min(1)

const schema = z
  .strictObject({
    access_key_id: text.optional(),
    secret_access_key: text.optional(),
    session_token: text.optional(),
    profile: text.optional(),
    role_arn: z
      .string()
      .regex(/^arn:[\w-]+:iam::\d{12}:role\/\S+$/, 'the ARN of a role, arn:aws:iam::123456789012:role/NAME')
      .optional(),
    zone_id: z
      .string()
      .regex(/^(?:\/hostedzone\/)?[A-Z0-9]{1,32}$/, 'the id of a hosted zone, such as Z08884732BUJ6RTD8CVTI')
      .transform((id) => id.replace('/hostedzone/', ''))
      .optional(),
    region: z
      .string()
      .regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, 'the name of a region, such as us-east-1')
      .optional(),
    endpoint: z.url({ protocol: /^https?$/ }).optional(),
    client_max_attempts: z.coerce.number().int().min(1).max(100).optional(),
  })
  .refine((options) => (options.access_key_id === undefined) === (options.secret_access_key === undefined), {
    path: ['secret_access_key'],
    message: 'access_key_id and secret_access_key go together',
  })
  .refine((options) => options.session_token === undefined || options.access_key_id !== undefined, {
    path: ['session_token'],
    message: 'a session_token goes with access_key_id and secret_access_key',
  })
  .refine((options) => options.profile === undefined || options.access_key_id === undefined, {
    path: ['profile'],
    message: 'give either a profile or access_key_id, not both',
  })

export type Route53Options = z.output<typeof schema>

/** Throws a ZodError that names everything that is wrong. */
export function parseOptions(input: unknown): Route53Options {
  return schema.parse(input ?? {})
}

export const optionDocs: readonly OptionDoc[] = [
  { name: 'access_key_id', description: 'an access key', default: "the SDK's own chain" },
  { name: 'secret_access_key', secret: true, description: 'its secret' },
  { name: 'session_token', secret: true, description: 'the token of temporary credentials' },
  { name: 'profile', description: 'a profile of ~/.aws/config' },
  { name: 'role_arn', description: 'a role to assume with those credentials' },
  { name: 'zone_id', description: 'the one hosted zone this provider serves, where several have its name' },
  { name: 'region', description: 'tells the AWS partition apart', default: 'AWS_REGION, the profile, us-east-1' },
  { name: 'endpoint', description: 'another API address', default: 'AWS_ENDPOINT_URL_ROUTE_53, or AWS' },
  {
    name: 'client_max_attempts',
    description: 'attempts a request, the first included',
    default: 'AWS_MAX_ATTEMPTS, 10',
  },
]
