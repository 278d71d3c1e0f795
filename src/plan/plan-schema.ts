import * as z from 'zod'
import { purposes } from '../../records/families/index.js'
import type { Plan } from './plan.js'

const position = z.strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) })

const values = z.array(z.string()).min(1)
const exchange = z.strictObject({ preference: z.int().min(0).max(65535), exchange: z.string() })

const rrset = z.discriminatedUnion('type', [
  rrsetOf(z.enum(['A', 'AAAA', 'CNAME', 'NS', 'PTR']), values),
  rrsetOf(z.literal('MX'), z.array(exchange).min(1)),
  rrsetOf(z.literal('TXT'), values.describe('one string each: unsplit, unquoted')),
])

function rrsetOf<Type extends z.ZodType, Rdata extends z.ZodType>(type: Type, rdata: Rdata) {
  const name = z.string().describe('lower-case A-labels with the trailing dot')
  const ttl = z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
  return z.strictObject({ type, name, ttl, rdata })
}

const edit = z
  .strictObject({
    purpose: z.enum(purposes as [string, ...string[]]).describe('what the values are for'),
    before: z.array(z.string()),
    after: z.array(z.string()),
    adopts: z.boolean().describe('values that mailsync did not write are replaced'),
    where: position.optional().describe('where the spec asks for it; absent where it left the spec'),
  })
  .describe('what one purpose contributes to the change of the RRset')

const before = rrset.describe('what must stand there, or the plan is stale')
const rest = {
  edits: z.array(edit).describe('empty for the manifest'),
  kept: z.int().min(0).describe("strangers' values in the RRset, which stay"),
  manifest: z.boolean().describe('the record in which mailsync remembers what it owns'),
}

const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create'), after: rrset, ...rest }),
  z.strictObject({ kind: z.literal('update'), before, after: rrset, ...rest }),
  z.strictObject({ kind: z.literal('delete'), before, ...rest }),
])

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
  owned: z.int().min(0).describe('slots this owner had in the zone before'),
  removed: z.int().min(0).describe('slots that are deleted'),
  claimed: z.int().min(0).describe('slots that already are as the spec wants and become ours'),
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

/** Reads the form of a plan; a ZodError names what is wrong with it. Whether what it says is sound, `planFaults` tells. */
export function parsePlan(data: unknown): Plan {
  return planSchema.parse(data) as unknown as Plan
}
