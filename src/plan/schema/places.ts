import * as z from 'zod'
import type { Name } from '../../../records/rr/name.js'
import { RRTYPES } from '../../../records/rr/rdata.js'
import type { RRset } from '../../../records/rr/rrset.js'

/** A name in a plan. */
export const nameText = z.string().describe('lower-case A-labels with the trailing dot') as unknown as z.ZodType<
  Name,
  string
>
/** A type of record that mailsync writes. */
export const type = z.enum(RRTYPES as [RRset['type'], ...RRset['type'][]])
/** A place in the spec. */
export const position = z.strictObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) })

/** A zone at a provider. */
export const place = { zone: nameText, provider: z.string() }
