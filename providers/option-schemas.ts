import * as z from 'zod'
import { isToken } from './http/credentials.js'

/*
 * What several adapters take as an option in the same words.
 */

/**
 * The machine to speak to, without scheme and port.
 *
 * @param whose after "the name or address of": `the primary server`
 * @param scheme what to do about a scheme
 */
export function hostOption(whose: string, scheme: string) {
  return z
    .string({ error: `host is missing: write the name or address of ${whose}` })
    .trim()
    .min(1, `host is empty: write the name or address of ${whose}`)
    .refine((text) => !text.includes('://'), { error: `write the host alone${scheme}`, abort: true })
    .refine((text) => !/[\][/\s@?#]|^[^:]*:\d*$/.test(text), 'write the host alone, and the port in `port`')
}

export const portOption = z.coerce
  .number('port is not a number')
  .int()
  .min(1, 'port is 1 to 65535')
  .max(65_535, 'port is 1 to 65535')

/** Seconds. */
export const timeoutOption = z.coerce
  .number('timeout is not a number of seconds')
  .positive('timeout is more than 0 seconds')
  .max(3600, 'timeout is at most 3600 seconds')

export const tokenOption = z
  .string()
  .refine(isToken, 'is not a token: one word, without "Bearer", quotes or line breaks')
