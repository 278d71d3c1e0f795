import * as z from 'zod'
import { once } from '../../../records/once.js'

const text = z.string().min(1)

const issuer = once(() =>
  z.union([
    text,
    z.strictObject({
      ca: text.describe('the domain that stands for the CA, such as letsencrypt.org'),
      accounturi: text.optional().describe('the only account at the CA that may ask (RFC 8657)'),
      validationmethods: z
        .array(text)
        .min(1)
        .optional()
        .describe('how the CA may validate, such as dns-01 or http-01 (RFC 8657)'),
    }),
  ]),
)

const issuers = (what: string) =>
  z
    .union([z.literal('none'), z.array(issuer()).min(1)])
    .optional()
    .describe(`${what}. none: nobody`)

/** `caa` as it is written. */
export const caaSchema = once(() =>
  z.strictObject({
    issue: issuers('CAs that may issue certificates'),
    issuewild: issuers('CAs that may issue wildcard certificates. Default: as issue'),
    issuemail: issuers('CAs that may issue S/MIME certificates for addresses of the domain (RFC 9495)'),
    iodef: z
      .union([text, z.array(text).min(1)])
      .optional()
      .describe('where a CA reports what it refused: mailto:pki@example.com, or https:'),
    critical: z
      .boolean()
      .optional()
      .describe('the critical bit of issue and issuewild: a CA that does not know them must not issue. Default: false'),
  }),
)

export type RawCaa = z.infer<ReturnType<typeof caaSchema>>
