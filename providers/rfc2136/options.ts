import * as z from 'zod'
import { quoted } from '../../records/cut.js'
import { type Name, parseName } from '../../records/rr/name.js'
import { DNS_PORT, type DnsServer } from '../dns/server.js'
import { isTsigAlgorithm, TSIG_ALGORITHMS, type TsigAlgorithm } from '../dns/tsig-key.js'
import { hostOption, portOption, timeoutOption } from '../option-schemas.js'

/** The server a spec names. */
export type Rfc2136Options = DnsServer & {
  /** A folder for copies of zones, relative to the spec. */
  readonly cache?: string
}

const WEAK = /^hmac-(md5|sha1)/

const keyName = z.string().transform((text, context): Name => {
  const name = parseName(text.trim())
  if (typeof name === 'string') return name
  context.addIssue({ code: 'custom', message: `key_name: ${name.error}` })
  return z.NEVER
})

const keySecret = z
  .string()
  .trim()
  .min(1, 'key_secret is empty; is the environment variable set?')
  .regex(
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'key_secret is not base64; copy the text between the quotes after `secret` in the server’s key statement',
  )
  .transform((text) => Buffer.from(text, 'base64'))

const keyAlgorithm = z.string().transform((text, context): TsigAlgorithm => {
  const name = text.trim().toLowerCase().replace(/\.$/, '')
  if (isTsigAlgorithm(name)) return name
  const known = `use one of ${TSIG_ALGORITHMS.join(', ')}`
  const message = WEAK.test(name)
    ? `${name} is too weak to protect a zone (RFC 8945 §6); ${known}, and change the key on the server too`
    : `${quoted(text)} is no TSIG algorithm known here; ${known}`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const schema = z
  .strictObject({
    host: hostOption('the primary server', ', without a scheme; only plain DNS over TCP is spoken'),
    port: portOption.default(DNS_PORT),
    ipv6: z.union([z.boolean(), z.stringbool()]).default(false),
    timeout: timeoutOption.default(15),
    key_name: keyName.optional(),
    key_secret: keySecret.optional(),
    key_algorithm: keyAlgorithm.default('hmac-sha256'),
    cache: z.string().min(1, 'cache is empty; name a folder, such as .mailsync-cache').optional(),
  })
  .superRefine(({ key_name, key_secret }, context) => {
    if ((key_name === undefined) === (key_secret === undefined)) return
    const missing = key_name === undefined ? 'key_name' : 'key_secret'
    context.addIssue({
      code: 'custom',
      path: [missing],
      message: `${missing} is missing: a TSIG key is a name and a secret; leave out both to send unsigned messages`,
    })
  })

/** Checks what the spec says. Throws a ZodError that names everything that is wrong and never shows the secret. */
export function parseOptions(input: unknown): Rfc2136Options {
  const { key_name: name, key_secret: secret, key_algorithm: algorithm, cache, ...options } = schema.parse(input)
  const server = { ...options, ...(cache !== undefined && { cache }) }
  return name === undefined || secret === undefined ? server : { ...server, key: { name, algorithm, secret } }
}
