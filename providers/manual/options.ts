import * as z from 'zod'
import { MailsyncError } from '../../records/error.js'
import { parseHostname } from '../../records/rr/name.js'
import { parseServer } from '../dns/client/resolver.js'
import { DNS_PORT, type ServerAddress } from '../dns/server.js'
import { portOption } from '../option-schemas.js'

/** A server to ask: the address, or the name that has it. */
export interface NamedServer {
  readonly host: string
  readonly port: number
  /** Whether `host` is an address. */
  readonly isAddress: boolean
}

function readNamed(text: string): NamedServer | string {
  const address = addressOf(text)
  if (typeof address !== 'string') return { ...address, isAddress: true }
  const [, host = '', port = String(DNS_PORT)] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const name = parseHostname(host)
  if (typeof name !== 'string' || Number(port) < 1 || Number(port) > 65_535)
    return `${JSON.stringify(text)} is no server: write ADDRESS, ADDRESS:PORT, [IPV6]:PORT, or a name in their place`
  return { host: name, port: Number(port), isAddress: false }
}

function addressOf(text: string): ServerAddress | string {
  try {
    return parseServer(text)
  } catch (error) {
    if (error instanceof MailsyncError) return error.message
    throw error
  }
}

const server = z.string().transform((text, context): NamedServer => {
  const read = readNamed(text.trim())
  if (typeof read !== 'string') return read
  context.addIssue({ code: 'custom', message: read })
  return z.NEVER
})

const resolver = z.string().transform((text, context): string => {
  const named = text.trim()
  const address = named === 'root' ? undefined : addressOf(named)
  if (typeof address !== 'string') return named
  context.addIssue({ code: 'custom', message: address })
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
