import * as z from 'zod'
import { once } from '../../../records/once.js'
import { name, names } from './words.js'

/** What all domains may share of `mta_sts`. */
export const mtaStsDefaults = once(() =>
  z.strictObject({
    mode: z
      .enum(['enforce', 'testing', 'none'])
      .optional()
      .describe(
        'what senders do where TLS fails: give the mail to nobody, tell it in reports, nothing. Default: testing',
      ),
    max_age: z
      .int()
      .min(0)
      .optional()
      .describe('seconds that senders keep the policy, up to 31557600. Default: 604800, a week'),
    host: z
      .union([name, z.strictObject({ cname: name })])
      .optional()
      .describe(
        'the web server that has the policy: mta-sts.<domain> gets the addresses of a host of this spec, else a CNAME; { cname: NAME }: always a CNAME. Absent: somebody else keeps that name',
      ),
  }),
)

/** `mta_sts` of a domain. */
export const mtaStsSchema = once(() =>
  mtaStsDefaults().extend({
    id: z
      .string()
      .regex(/^[A-Za-z0-9]{1,32}$/, 'an id has 1 to 32 letters and digits (RFC 8461 §3.1)')
      .optional()
      .describe('the id of a policy that somebody else keeps, in place of mode and max_age'),
  }),
)

/** `tls_rpt` of a domain. */
export const tlsRptSchema = once(() =>
  z.strictObject({
    rua: names.min(1).optional().describe('addresses, or https: URIs, for reports about TLS'),
  }),
)

/** `bimi` of a domain. */
export const bimiSchema = once(() =>
  z.strictObject({
    location: name.optional().describe('https: URI of the logo, an SVG Tiny PS; none: the domain wants no logo shown'),
    authority: name.optional().describe('https: URI of its mark certificate (VMC or CMC)'),
    selector: z
      .string()
      .regex(
        /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
        'a selector has lower-case letters and digits, and hyphens between them',
      )
      .optional()
      .describe('Default: default'),
  }),
)
