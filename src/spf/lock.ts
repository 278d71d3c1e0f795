import * as z from 'zod'
import type { FlatSpf } from '../../records/families/spf/evaluate/flatten.js'
import { spfTerms } from '../../records/families/spf/read-spf.js'
import { compareNames, type Name, parseName, withoutDot } from '../../records/rr/name.js'

/** Beside the spec, and to be committed with it. */
export const LOCK_FILE = 'spf-lock.json'

const lockSchema = z.strictObject({
  format: z.literal('mailsync-spf-lock'),
  version: z.literal(1),
  includes: z.record(z.string(), z.strictObject({ networks: z.array(z.string()), terms: z.array(z.string()) })),
})

/** What the lock file says; a text that says what is wrong with it where it is not one. */
export function readLock(text: string): ReadonlyMap<Name, FlatSpf> | string {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`
  }
  const parsed = lockSchema.safeParse(data)
  if (!parsed.success) return `it is no lock file of SPF: ${z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' ')}`
  const found = new Map<Name, FlatSpf>()
  for (const [written, flat] of Object.entries(parsed.data.includes)) {
    const name = parseName(written)
    if (typeof name !== 'string') return name.error
    const wrong = flat.networks.find((term) => !isNetwork(term)) ?? flat.terms.find((term) => !isSender(term))
    if (wrong !== undefined) return `${JSON.stringify(wrong)} is no term of an SPF that lets pass`
    found.set(name, flat)
  }
  return found
}

/** The text of the lock file: names in order, so that a change shows in a comparison of lines. */
export function lockText(includes: ReadonlyMap<Name, FlatSpf>): string {
  const sorted = [...includes].sort(([a], [b]) => compareNames(a, b))
  const document = {
    format: 'mailsync-spf-lock',
    version: 1,
    includes: Object.fromEntries(sorted.map(([name, flat]) => [withoutDot(name), flat])),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function isNetwork(text: string): boolean {
  const [term, ...others] = spfTerms(`v=spf1 ${text}`)
  return others.length === 0 && term !== undefined && 'network' in term && term.qualifier === '+'
}

function isSender(text: string): boolean {
  const [term, ...others] = spfTerms(`v=spf1 ${text}`)
  return (
    others.length === 0 && term !== undefined && 'qualifier' in term && term.qualifier === '+' && term.kind !== 'all'
  )
}
