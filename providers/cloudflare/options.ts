import * as z from 'zod'
import { tokenOption } from '../option-schemas.js'
import type { OptionDoc } from '../provider.js'

export interface CloudflareOptions {
  /** Absent: the SDK's CLOUDFLARE_API_TOKEN. */
  readonly token?: string
  readonly accountId?: string
}

export const optionDocs: readonly OptionDoc[] = [
  {
    name: 'token',
    secret: true,
    default: 'CLOUDFLARE_API_TOKEN',
    usual: 'env/CLOUDFLARE_API_TOKEN',
    description:
      'API token with Zone > Zone > Read and Zone > DNS > Edit for the zones; write env/NAME, never the token',
  },
  {
    name: 'account_id',
    description:
      'id of the account, where the token reaches several or two of them have a zone of one name; also `account`',
  },
]

const id = z
  .string()
  .regex(
    /^[0-9a-f]{32}$/,
    'is not an account id: 32 hexadecimal digits, in the dashboard at the right of a zone’s overview',
  )

const schema = z
  .strictObject({
    token: tokenOption.optional(),
    account_id: id.optional(),
    account: id.optional(),
  })
  .refine(({ account, account_id: accountId }) => account === undefined || accountId === undefined, {
    path: ['account'],
    message: 'is the same as account_id; give one of them',
  })

/** Throws a ZodError that names everything that is wrong, and never the token. */
export function parseOptions(input: unknown): CloudflareOptions {
  const { token, account_id: accountId, account = accountId } = schema.parse(input ?? {})
  return { ...(token === undefined ? {} : { token }), ...(account === undefined ? {} : { accountId: account }) }
}
