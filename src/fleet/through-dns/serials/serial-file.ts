import * as z from 'zod'
import { FILE_LIMITS, readIfThere } from '../../../../providers/files/read-file.js'
import { MailsyncError } from '../../../../records/error.js'
import { jsonIn } from '../../../json-in.js'

const zone = z.strictObject({
  wanted: z.string(),
  seen: z.iso.datetime({ precision: 0 }),
  serials: z.record(z.string(), z.int().min(0).max(0xffff_ffff)),
})

const schema = z.strictObject({
  format: z.literal('mailsync-serials', 'is no serial file of mailsync'),
  version: z.literal(1, 'is of a version that this mailsync does not know'),
  zones: z.record(z.string(), zone),
})

/** How a zone at a provider was when DNS last showed it whole, and as wanted. */
export interface SeenZone {
  /** Digest of what was wanted. */
  readonly wanted: string
  /** When, as RFC 3339 has it. */
  readonly seen: string
  /** SOA serials (RFC 1035 §3.3.13) by server, `192.0.2.53:53`. */
  readonly serials: Readonly<Record<string, number>>
}

/** By zone and provider, `example.com. bind`. */
export type SeenZones = ReadonlyMap<string, SeenZone>

/** Reads such a file; nothing where there is none. Throws `io` for a file that mailsync did not write so: it is never replaced. */
export function readSerials(file: string): SeenZones {
  const text = readIfThere(file, FILE_LIMITS.serials)?.toString()
  if (text === undefined) return new Map()
  const parsed = schema.safeParse(jsonIn(text))
  if (parsed.success) return new Map(Object.entries(parsed.data.zones))
  const [issue] = parsed.error.issues
  const at = issue?.path.join('.') || 'the document'
  throw new MailsyncError('io', `${file} is no file of serials: ${at} ${issue?.message}`, {
    where: { file },
    hint: 'name another file with --serials; this one may be deleted where mailsync wrote it: it is made anew',
  })
}

/** A line a zone, so that a change is seen as one. */
export function serialsText(zones: SeenZones): string {
  const lines = [...zones]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, { wanted, seen, serials }]) => `    ${JSON.stringify(key)}: ${JSON.stringify({ wanted, seen, serials })}`,
    )
  const body = lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `
  return `{\n  "format": "mailsync-serials",\n  "version": 1,\n  "zones": {${body}}\n}\n`
}
