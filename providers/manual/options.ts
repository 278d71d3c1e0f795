import * as z from 'zod'
import { MailsyncError } from '../../records/error.js'
import { type NamedServer, readNamedServer } from '../dns/client/named-server.js'
import { DNS_PORT, parseServer } from '../dns/server.js'
import { portOption } from '../option-schemas.js'

function addressFault(text: string): string | undefined {
  try {
    parseServer(text)
    return undefined
  } catch (error) {
    if (error instanceof MailsyncError) return error.message
    throw error
  }
}

const server = z.string().transform((text, context): NamedServer => {
  const read = readNamedServer(text.trim())
  if (typeof read !== 'string') return read
  context.addIssue({ code: 'custom', message: read })
  return z.NEVER
})

const resolver = z.string().transform((text, context): string => {
  const named = text.trim()
  const fault = named === 'root' ? undefined : addressFault(named)
  if (fault === undefined) return named
  context.addIssue({ code: 'custom', message: fault })
  return z.NEVER
})

/** Checks what the spec says; a ZodError names everything that is wrong. */
export const schema = z.strictObject({
  servers: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value),
      z.array(server).min(1),
    )
    .optional(),
  resolver: resolver.optional(),
  port: portOption.default(DNS_PORT),
})

export type ManualOptions = z.output<typeof schema>
