import * as z from 'zod'
import { tokenOption } from '../option-schemas.js'
import type { OptionDoc } from '../provider.js'

export interface HetznerOptions {
  readonly token: string
}

export const optionDocs: readonly OptionDoc[] = [
  {
    name: 'token',
    required: true,
    secret: true,
    description:
      'API token of the Hetzner Console project that holds the zones, with Read & Write (Read is enough for a plan); write env/NAME, never the token',
  },
  {
    name: 'backend',
    default: 'hcloud',
    description:
      'for blocks of octoDNS: the Cloud API is the only one since dns.hetzner.com was switched off in May 2026',
  },
]

const schema = z.strictObject({
  token: tokenOption,
  backend: z
    .literal('hcloud', 'is not a back end that is there: dns.hetzner.com was switched off in May 2026; write hcloud')
    .optional(),
})

/** Throws a ZodError that names everything that is wrong, and never the token. */
export function parseOptions(input: unknown): HetznerOptions {
  const { token } = schema.parse(input ?? {})
  return { token }
}
