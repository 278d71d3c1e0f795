import * as z from 'zod'
import type { OptionDoc } from '../provider.js'

const text = z.string().min(1)

/** What each adapter of an AWS service takes; `credentialRules` says what goes together. */
export const awsOptions = {
  access_key_id: text.optional(),
  secret_access_key: text.optional(),
  session_token: text.optional(),
  profile: text.optional(),
  role_arn: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:role\/\S+$/, 'the ARN of a role, arn:aws:iam::123456789012:role/NAME')
    .optional(),
  region: z
    .string()
    .regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, 'the name of a region, such as us-east-1')
    .optional(),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  client_max_attempts: z.coerce.number().int().min(1).max(100).optional(),
}

export type AwsOptions = z.output<z.ZodObject<typeof awsOptions>>

/** What tells one account from another, as far as the options say it. */
export function accountOf({ access_key_id, profile, role_arn }: AwsOptions): string {
  return [access_key_id, profile, role_arn].join(' ')
}

/** Reports options of which one needs, or rules out, another. */
export function credentialRules({ value, issues }: z.core.ParsePayload<AwsOptions>): void {
  const { access_key_id, secret_access_key, session_token, profile } = value
  const report = (option: keyof AwsOptions, message: string): void => {
    issues.push({ code: 'custom', path: [option], message, input: value })
  }
  if ((access_key_id === undefined) !== (secret_access_key === undefined))
    report('secret_access_key', 'access_key_id and secret_access_key go together')
  if (session_token !== undefined && access_key_id === undefined)
    report('session_token', 'a session_token goes with access_key_id and secret_access_key')
  if (profile !== undefined && access_key_id !== undefined)
    report('profile', 'give either a profile or access_key_id, not both')
}

/** In the order of the list that users see. */
export const credentialDocs: readonly OptionDoc[] = [
  { name: 'access_key_id', description: 'an access key', default: "the SDK's own chain" },
  { name: 'secret_access_key', secret: true, description: 'its secret' },
  { name: 'session_token', secret: true, description: 'the token of temporary credentials' },
  { name: 'profile', description: 'a profile of ~/.aws/config' },
  { name: 'role_arn', description: 'a role to assume with those credentials' },
]

export const attemptsDoc: OptionDoc = {
  name: 'client_max_attempts',
  description: 'attempts a request, the first included',
  default: 'AWS_MAX_ATTEMPTS, 10',
}
