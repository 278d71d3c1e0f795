import * as z from 'zod'
import { once } from '../../../records/once.js'

const text = z.string().min(1)

const rollSchema = once(() =>
  z.strictObject({
    certificate: text.describe(
      'what the ACME client renews: a folder with the chain and its private key, such as /etc/letsencrypt/live/NAME, or the file of the chain',
    ),
    key: text.optional().describe('the private key. Default: beside the chain'),
    install: text.describe(
      'the file that the server reads, private key and chain in one; written by `mailsync tlsa roll`',
    ),
    reload: text
      .optional()
      .describe('the command that makes the server read it again, such as postfix reload; run by no shell'),
  }),
)

/** `tlsa` of a host as it is written. */
export const tlsaSchema = once(() =>
  z.union([
    z.array(text).min(1).describe('TLSA records as they are: "3 1 1 ab12…"'),
    z.strictObject({
      certificates: z
        .array(text)
        .min(1)
        .optional()
        .describe('PEM files of certificates or public keys, relative to the spec: the current one, and the next'),
      records: z.array(text).min(1).optional().describe('further TLSA records as they are: "3 1 1 ab12…"'),
      roll: z
        .union([rollSchema(), z.array(rollSchema()).min(1)])
        .optional()
        .describe('certificates with a new key at renewals: `mailsync tlsa roll` publishes it, waits, and installs'),
      ports: z
        .array(z.int().min(1).max(65535))
        .min(1)
        .optional()
        .describe('where the host speaks TLS with these keys. Default: [25]'),
      usage: z
        .enum(['ee', 'ta'])
        .optional()
        .describe(
          'what is published of each file. ee (default): 3 1 1, the key of its first certificate; ta: 2 1 1, the keys of the CAs after it',
        ),
    }),
  ]),
)

export type RawTlsa = z.infer<ReturnType<typeof tlsaSchema>>
