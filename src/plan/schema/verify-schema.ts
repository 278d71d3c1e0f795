import * as z from 'zod'
import { CHECKS, type CheckId, VERDICTS, type Verdict } from '../../verify/check.js'

const check = z
  .strictObject({
    id: z.enum(Object.keys(CHECKS) as [CheckId, ...CheckId[]]),
    subject: z.strictObject({ kind: z.enum(['zone', 'domain', 'host', 'address']), name: z.string() }),
    verdict: z.enum(VERDICTS as [Verdict, ...Verdict[]]),
    asked: z.string(),
    seen: z.string(),
    todo: z.exactOptional(z.string()).describe('what to do'),
    explained: z.string().describe('the section of an RFC'),
  })
  .describe('one check, and how it ended')

const opinion = z.strictObject({
  receiver: z.string(),
  takes: z.enum(['yes', 'not in bulk', 'no', 'unknown']),
  why: z.array(z.string()),
  documentation: z.string(),
  asOf: z.string(),
})

/** What receivers see of DNS as it is, before anything is written. */
export const verification = z
  .strictObject({
    checks: z.array(check).describe('the worst first; that a record which the plan changes is not served yet is none'),
    domains: z.array(
      z.strictObject({ name: z.string(), receivers: z.array(opinion).describe('none where nobody sends for it') }),
    ),
  })
  .describe('what receivers see of DNS before the plan is carried out')
