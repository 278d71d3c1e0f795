import * as z from 'zod'
import { tokenOption } from '../option-schemas.js'
import type { OptionDoc } from '../provider.js'

const id = z.guid('is an id such as 11111111-2222-3333-4444-555555555555')

const schema = z.strictObject({
  tenant_id: id,
  client_id: id,
  client_secret: tokenOption,
  subscription_id: id,
})

export type AzureOptions = z.output<typeof schema>

/** Throws a ZodError that names everything that is wrong, and never the secret. */
export function parseOptions(input: unknown): AzureOptions {
  return schema.parse(input ?? {})
}

export const optionDocs: readonly OptionDoc[] = [
  {
    name: 'tenant_id',
    required: true,
    usual: 'env/AZURE_TENANT_ID',
    description: 'the directory of the app registration',
  },
  { name: 'client_id', required: true, usual: 'env/AZURE_CLIENT_ID', description: 'the app registration' },
  { name: 'client_secret', required: true, secret: true, description: 'its secret; write env/NAME' },
  {
    name: 'subscription_id',
    required: true,
    usual: 'env/AZURE_SUBSCRIPTION_ID',
    description: 'the subscription that has the addresses',
  },
]
