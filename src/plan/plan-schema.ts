import * as z from 'zod'
import { purposes } from '../../records/families/index.js'
import type { Purpose } from '../../records/families/mail-record.js'
import { budget } from './schema/budget-schema.js'
import { narrowed } from './schema/narrowed-schema.js'
import { nameText, place, position, type } from './schema/places.js'
import { proof } from './schema/proof-schema.js'
import { rrset } from './schema/rrset-schema.js'
import { step } from './schema/step-schema.js'
import { verification } from './schema/verify-schema.js'

const purpose = z.enum(purposes as [Purpose, ...Purpose[]]).describe('what the values are for')

const edit = z
  .strictObject({
    purpose,
    before: z.array(z.string()),
    after: z.array(z.string()),
    adopts: z.boolean().describe('values that mailsync did not write are replaced'),
    where: z.exactOptional(position).describe('where the spec asks for it; absent where it left the spec'),
  })
  .describe('what one purpose contributes to the change of the RRset')

const before = rrset.describe('what must stand there, or the plan is stale')
const rest = {
  edits: z.array(edit).describe('empty for a manifest'),
  kept: z.int().min(0).describe("strangers' values in the RRset, which stay"),
  manifest: z.boolean().describe('a record in which mailsync remembers what it owns'),
  providerDefault: z
    .exactOptional(z.string())
    .describe('the name that an address owner answers with where nobody has set one: until now, or again'),
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
  hint: z.exactOptional(z.string()),
  where: z.exactOptional(position),
  also: z.exactOptional(position),
  provider: z.exactOptional(z.string()),
  zone: z.exactOptional(z.string()),
})

const record = { name: nameText, type, purpose }

const zone = z.strictObject({
  ...place,
  byHand: z
    .exactOptional(z.literal(true))
    .describe('a person makes the changes, see `manual`; mailsync sees only whether they were made'),
  addressOwner: z
    .exactOptional(z.literal(true))
    .describe('no zone, but the PTRs of the addresses of an account; TTLs are the provider’s own'),
  memory: z.exactOptional(z.string()).describe('the file, relative to the spec, in which what is owned is remembered'),
  changes: z.array(change),
  writes: z.int().describe('in how many separate writes the provider takes the changes; more than one is not atomic'),
  owned: z.int().min(0).describe('slots this owner had in the zone before'),
  removed: z.int().min(0).describe('slots that are deleted'),
  claimed: z
    .array(z.strictObject({ ...record, where: z.exactOptional(position) }))
    .describe(
      'records that already are as the spec wants: mailsync may change them from now on, and never deletes them',
    ),
  left: z
    .array(z.strictObject(record))
    .describe('records that left the spec and stay, because they were there before mailsync'),
})

const failure = z.strictObject({
  zone: z.string(),
  provider: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.exactOptional(z.string()),
  record: z.exactOptional(z.string()),
  apiCode: z.exactOptional(z.string()),
})

const key = z.strictObject({
  domain: z.string(),
  selector: z.string(),
  algorithm: z.string(),
  where: z.exactOptional(position),
})

const observed = z
  .strictObject({
    host: nameText,
    addresses: z.array(z.string()),
    by: z.exactOptional(z.string()).describe('the source that told them'),
    failure: z.exactOptional(z.string()).describe('why none did: what depends on them stays as it is'),
  })
  .describe('the addresses of a host that the spec does not list')

/** Of the form of saved plans. */
export const PLAN_VERSION = 2

/** The form of a saved plan. plan.schema.json is made from it. */
export const planSchema = z.strictObject({
  format: z.literal('mailsync-plan'),
  version: z.literal(PLAN_VERSION),
  spec: z.string().describe('the spec file, as it was named'),
  owner: z.union([z.string(), z.literal(false)]),
  zones: z.array(zone).describe('zones with changes, by name, then by provider'),
  unchanged: z.int().describe('zones that were read and need nothing'),
  failures: z.array(failure).describe('zones that could not be read or planned; nothing is written there'),
  keys: z.array(key).describe('DKIM keys that apply generates first; while there are any, the plan is not complete'),
  manual: z.array(step).describe('what only a person can do'),
  problems: z.array(problem),
  observed: z
    .exactOptional(z.array(observed))
    .describe('addresses that were observed; a saved plan is carried out with them'),
  narrowed: z
    .exactOptional(z.array(narrowed))
    .describe('absent where every zone was looked at that the spec and --zone or --domain have'),
  spf: z.exactOptional(z.array(budget)).describe('what SPF costs receivers; with --online or --verbose'),
  proof: z.exactOptional(proof).describe('with --prove'),
  verify: z.exactOptional(verification).describe('with --verify'),
})

/** Reads the form of a plan; a ZodError names what is wrong with it. Whether what it says is sound, `planFaults` tells. */
export function parsePlan(data: unknown): z.output<typeof planSchema> {
  return planSchema.parse(data)
}
