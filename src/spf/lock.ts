import * as z from 'zod'
import { quoted } from '../../records/cut.js'
import type { ChainLink } from '../../records/families/spf/chain.js'
import { spfTerms } from '../../records/families/spf/read-spf.js'
import { once } from '../../records/once.js'
import { compareNames, type Name, parseName, withoutDot } from '../../records/rr/name.js'
import type { MailSpec } from '../../records/spec.js'

/** Beside the spec, and to be committed with it. */
export const LOCK_FILE = 'spf-lock.json'

/** What the lock file says. */
export type SpfLock = Required<Pick<MailSpec, 'flattened' | 'chains'>>

const lockSchema = once(() =>
  z.strictObject({
    format: z.literal('mailsync-spf-lock'),
    version: z.literal(1),
    includes: z.record(z.string(), z.strictObject({ networks: z.array(z.string()), terms: z.array(z.string()) })),
    chains: z
      .record(
        z.string(),
        z.record(
          z.string().regex(/^_spf[1-9]\d{0,3}$/, 'a record of a chain is named _spf and its number'),
          z.strictObject({ terms: z.array(z.string()), retired: z.iso.date().optional() }),
        ),
      )
      .optional(),
  }),
)

/** What the lock file says; a text that says what is wrong with it where it is not one. */
export function readLock(text: string): SpfLock | string {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`
  }
  const parsed = lockSchema().safeParse(data)
  if (!parsed.success) return `it is no lock file of SPF: ${z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' ')}`
  const { includes, chains = {} } = parsed.data
  const flattened = named(Object.entries(includes))
  if (typeof flattened === 'string') return flattened
  const placed = named(Object.entries(chains).map(([domain, links]) => [domain, Object.entries(links).map(linkOf)]))
  if (typeof placed === 'string') return placed
  const terms = [...placed.values()].flat().flatMap((link) => link.terms)
  const flats = [...flattened.values()]
  const wrong =
    [...flats.flatMap(({ networks }) => networks), ...terms].find((term) => !isNetwork(term)) ??
    flats.flatMap((flat) => flat.terms).find((term) => !isSender(term))
  if (wrong !== undefined) return `${quoted(wrong)} is no term of an SPF that lets pass`
  return { flattened, chains: placed }
}

/** The text of the lock file: names in order, so that a change shows in a comparison of lines. */
export function lockText({ flattened, chains }: SpfLock): string {
  const document = {
    format: 'mailsync-spf-lock',
    version: 1,
    includes: inOrder(flattened, (flat) => flat),
    ...(chains.size === 0
      ? {}
      : {
          chains: inOrder(chains, (links) =>
            Object.fromEntries(links.map(({ number, ...link }) => [`_spf${number}`, link])),
          ),
        }),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function inOrder<T>(found: ReadonlyMap<Name, T>, write: (value: T) => unknown): Record<string, unknown> {
  const sorted = [...found].sort(([a], [b]) => compareNames(a, b))
  return Object.fromEntries(sorted.map(([name, value]) => [withoutDot(name), write(value)]))
}

function named<T>(entries: readonly (readonly [string, T])[]): Map<Name, T> | string {
  const found = new Map<Name, T>()
  for (const [written, value] of entries) {
    const name = parseName(written)
    if (typeof name !== 'string') return name.error
    found.set(name, value)
  }
  return found
}

function linkOf([name, { terms, retired }]: [string, { terms: string[]; retired?: string | undefined }]): ChainLink {
  return { number: Number(name.slice('_spf'.length)), terms, ...(retired === undefined ? {} : { retired }) }
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
