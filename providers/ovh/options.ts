import * as z from 'zod'
import { tokenOption } from '../option-schemas.js'
import type { OptionDoc } from '../provider.js'

/** By the names that OVHcloud's own libraries have for them (github.com/ovh, as known 2026-11). */
export const ENDPOINTS = {
  'ovh-eu': 'https://eu.api.ovh.com/1.0',
  'ovh-ca': 'https://ca.api.ovh.com/1.0',
  'ovh-us': 'https://api.us.ovhcloud.com/1.0',
} as const

const schema = z.strictObject({
  endpoint: z.enum(Object.keys(ENDPOINTS) as (keyof typeof ENDPOINTS)[]).default('ovh-eu'),
  application_key: tokenOption,
  application_secret: tokenOption,
  consumer_key: tokenOption,
})

export type OvhOptions = z.output<typeof schema>

/** Throws a ZodError that names everything that is wrong, and never a key. */
export function parseOptions(input: unknown): OvhOptions {
  return schema.parse(input ?? {})
}

export const optionDocs: readonly OptionDoc[] = [
  { name: 'endpoint', default: 'ovh-eu', description: 'ovh-eu, ovh-ca or ovh-us: where the account is' },
  {
    name: 'application_key',
    required: true,
    secret: true,
    description: 'of eu.api.ovh.com/createToken; write env/NAME',
  },
  { name: 'application_secret', required: true, secret: true, description: 'its secret; write env/NAME' },
  { name: 'consumer_key', required: true, secret: true, description: 'what the account has allowed; write env/NAME' },
]
