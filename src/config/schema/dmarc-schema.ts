import * as z from 'zod'
import { once } from '../../../records/once.js'
import { name, names } from './words.js'

const policy = z.enum(['none', 'quarantine', 'reject'])
const alignment = z.enum(['relaxed', 'strict'])

const rampSchema = once(() =>
  z.strictObject({
    from: z.enum(['none', 'quarantine']).optional().describe('the policy at the beginning. Default: none'),
    days: z.int().min(1).max(90).optional().describe('days with reports that a step needs. Default: 14'),
    failing: z
      .string()
      .regex(/^\d{1,2}(?:\.\d{1,3})?%$/, 'is no share below 100%, such as 1% or 0.5%')
      .optional()
      .describe('share of the messages in those days that may fail. Default: 1%'),
    messages: z.int().min(1).optional().describe('messages in those days that are enough to judge. Default: 100'),
  }),
)

/** `dmarc` of a domain. */
export const dmarcSchema = once(() =>
  z.strictObject({
    policy: policy.optional().describe('p: what to do with mail that fails. Default: none'),
    subdomains: policy.optional().describe('sp: the same for subdomains. Default: as policy'),
    nonexistent: policy.optional().describe('np: the same for subdomains that do not exist. Default: as subdomains'),
    testing: z.boolean().optional().describe('t: receivers apply the policy one level weaker. Default: false'),
    adkim: alignment.optional().describe('alignment of DKIM. Default: relaxed'),
    aspf: alignment.optional().describe('alignment of SPF. Default: relaxed'),
    rua: names.optional().describe('addresses for aggregate reports'),
    ruf: names.optional().describe('addresses for failure reports'),
    fo: z
      .string()
      .regex(/^[01ds](:[01ds])*$/, 'fo is one or more of 0, 1, d, s, separated by colons')
      .optional()
      .describe('when failure reports are wanted'),
    ramp: z
      .union([rampSchema(), z.literal(false)])
      .optional()
      .describe('reach the policy step by step, as `mailsync dmarc ramp` finds in reports that little fails'),
    cname: name
      .optional()
      .describe('the name that has the policy, of which _dmarc is a CNAME; in place of all else here'),
  }),
)
