import * as z from 'zod'
import { DURATION } from '../../../records/duration.js'

/** A name, read later. */
export const name = z.string().min(1)
export const names = z.array(name)
/** Of one record. */
export const ttl = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .describe('seconds, 0 to 2147483647')

/** One for all records of a host or domain, or one by record. */
export const ttlBy = <Part extends string>(parts: readonly Part[]) => {
  const keys = ['default', ...parts] as const
  const shape = Object.fromEntries(keys.map((key) => [key, ttl.optional()])) as Record<
    Part | 'default',
    z.ZodOptional<typeof ttl>
  >
  return z
    .union([ttl, z.strictObject(shape)])
    .optional()
    .describe('seconds, 0 to 2147483647; or by record, where `default` stands for the others')
}

/** How long something lasts. */
export const duration = z.string().regex(DURATION, 'a duration is a number with s, m, h, d or w, such as 180d or 12h')
/** Who can open a private key. */
export const recipients = z
  .array(z.string().regex(/^age1[a-z0-9]{20,}$/, 'a recipient of age begins with age1'))
  .min(1)
  .optional()
