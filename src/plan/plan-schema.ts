import * as z from 'zod'
import { PURPOSES } from '../../records/mail-record.js'
import type { Plan } from './plan.js'

const position = z.strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) })

const rrset = z.strictObject({
  type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'TXT']),
  name: z.string().describe('lower-case A-labels with the trailing dot'),
  ttl: z.int().min(0),
  rdata: z
    .array(z.union([z.string(), z.strictObject({ preference: z.int(), exchange: z.string() })]))
    .describe('TXT values are one string each: unsplit, unquoted'),
})

const edit = z
  .strictObject({
    purpose: z.enum(PURPOSES as [string, ...string[]]).describe('what the values are for'),
    before: z.array(z.string()),
    after: z.array(z.string()),
    adopts: z.boolean().describe('values that mailsync did not write are replaced'),
    where: position.optional().describe('where the spec asks for it; absent where it left the spec'),
  })
  .describe('what one purpose contributes to the change of the RRset')

const change = z.strictObject({
  kind: z.enum(['create', 'update', 'delete']),
  before: rrset.optional().describe('what must stand there, or the plan is stale'),
  after: rrset.optional(),
  edits: z.array(edit).describe('empty for the manifest'),
  kept: z.int().describe("strangers' values in the RRset, which stay"),
  manifest: z.boolean().describe('the record in which mailsync remembers what it owns'),
})

const problem = z.strictObject({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  hint: z.string().optional(),
  position: position.optional(),
  also: position.optional(),
  provider: z.string().optional(),
  zone: z.string().optional(),
})

const zone = z.strictObject({
  zone: z.string(),
  provider: z.string(),
  changes: z.array(change),
  writes: z.int().describe('in how many separate writes the provider takes the changes; more than one is not atomic'),
  owned: z.int().describe('slots this owner had in the zone before'),
  removed: z.int().describe('slots that are deleted'),
  claimed: z.int().describe('slots that already are as the spec wants and become ours'),
})

const failure = z.strictObject({
  zone: z.string(),
  provider: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  record: z.string().optional(),
  apiCode: z.string().optional(),
})

/** The form of a saved plan. plan.schema.json is made from it. */
export const planSchema = z.strictObject({
  format: z.literal('mailsync-plan'),
  version: z.literal(1),
  spec: z.string().describe('the spec file, as it was named'),
  owner: z.union([z.string(), z.literal(false)]),
  zones: z.array(zone).describe('zones with changes'),
  unchanged: z.int().describe('zones that were read and need nothing'),
  failures: z.array(failure).describe('zones that could not be read or planned; nothing is written there'),
  keys: z
    .array(
      z.strictObject({ domain: z.string(), selector: z.string(), algorithm: z.string(), where: position.optional() }),
    )
    .describe('DKIM keys that apply generates first; while there are any, the plan is not complete'),
  manual: z
    .array(z.strictObject({ what: z.string(), why: z.string(), where: position.optional() }))
    .describe('what only a person can do'),
  problems: z.array(problem),
})

/** Reads a saved plan; a ZodError names what is wrong with it. */
export function parsePlan(data: unknown): Plan {
  return planSchema.parse(data) as unknown as Plan
}
