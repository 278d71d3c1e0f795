import * as z from 'zod'
import { bitsOf, type DkimAlgorithm, keyId, lastKeyAt, turnOf } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { rsaBits } from '../../../records/families/dkim/rsa-bits.js'
import { once } from '../../../records/once.js'
import { instantText } from '../../instant.js'
import { FILE_LABELS } from './key-files.js'
import { indexVersion1 } from './key-index-1.js'

/** Octets of a SubjectPublicKeyInfo around the modulus of an RSA key, at least: the bare RSAPublicKey of PKCS#1 has fewer. */
const SPKI_OCTETS = 28
const ED25519_OCTETS = 32

const STATES = ['published', 'signing', 'retiring', 'revoked', 'gone'] as const
const NEXT_TO_STATES = ['visible', 'withdrawn', 'revealed', 'compromised'] as const
const index = once(() => {
  const algorithm = z.templateLiteral(['rsa-', z.int().min(1024)]).or(z.literal('ed25519'))

  const instant = z.iso.datetime({ precision: 0 }).transform((text) => Date.parse(text) / 1000)
  const times = z.strictObject({
    published: instant,
    ...(Object.fromEntries(
      [...STATES.slice(1), ...NEXT_TO_STATES].map((name) => [name, instant.optional()] as const),
    ) as Record<
      Exclude<(typeof STATES)[number], 'published'> | (typeof NEXT_TO_STATES)[number],
      z.ZodOptional<typeof instant>
    >),
  })
  const tagList = z
    .string()
    .regex(/^(?:\*|[A-Za-z0-9-]+)(?::(?:\*|[A-Za-z0-9-]+))*$/, 'is no list of words with colons between')

  const entry = z
    .strictObject({
      selector: z.string().regex(FILE_LABELS, 'is no selector in lower case'),
      turn: z.int().min(2).optional(),
      algorithm,
      state: z.enum(STATES, `is none of ${STATES.join(', ')}`),
      times,
      holder: z.enum(['file', 'age', 'elsewhere']),
      recipients: z.array(z.string()).min(1).optional(),
      tags: z.strictObject({ h: tagList.optional(), s: tagList.optional(), t: tagList.optional() }).optional(),
      publicKey: z.base64(),
    })
    .superRefine((key, context) => {
      const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
      const unfit = keyFault(key)
      if (unfit !== undefined) fault('publicKey', unfit)
      if (key.times[key.state] === undefined) fault('state', `is ${key.state}, and times has no ${key.state}`)
      const known = STATES.flatMap((state) => key.times[state] ?? [])
      if (known.some((at, index) => at < (known[index - 1] ?? at))) fault('times', 'are not in the order of the states')
    })

  return z.strictObject({
    version: z.literal(2, 'is neither 1 nor 2, the versions this mailsync knows'),
    keys: z.array(entry),
  })
})

/** One key in the public index of its domain. */
export type IndexEntry = Omit<RingKey, 'domain'>

/** What makes a malformed index right again. */
export const INDEX_HINT =
  'restore it from git; after a merge conflict keep the entries of both sides. States are changed with `mailsync dkim use` and `mailsync dkim rotate`'

/** Reads the text of a `public.json`; every fault in it is named in `error`. */
export function parseKeyIndex(text: string): { readonly entries: IndexEntry[] } | { readonly error: string } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // What JSON.parse says quotes the text, and a private key lies beside.
    return { error: 'is not JSON' }
  }
  const isOld = typeof json === 'object' && json !== null && 'version' in json && json.version === 1
  const parsed = isOld ? indexVersion1().safeParse(json) : index().safeParse(json)
  const faults = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '))
  const entries: readonly IndexEntry[] = parsed.success ? parsed.data.keys : []
  const wrong = isOld ? entries.map(keyFault) : []
  for (const [position, key] of entries.entries()) {
    if (wrong[position] !== undefined) faults.push(`keys.${position}.publicKey ${wrong[position]}`)
    if (entries.findIndex((one) => keyId(one) === keyId(key)) < position)
      faults.push(`keys.${position}.selector ${keyId(key)} is there twice`)
    const isLast = lastKeyAt(key.selector, entries) === key
    if (!isLast && key.state !== 'gone' && faults.length === 0)
      faults.push(`keys.${position}.state of ${keyId(key)} is ${key.state}, and its selector has a later key`)
  }
  return faults.length > 0 ? { error: faults.join('; ') } : { entries: [...entries] }
}

function keyFault({
  algorithm,
  publicKey,
}: {
  readonly algorithm: DkimAlgorithm
  readonly publicKey: string
}): string | undefined {
  const octets = Buffer.from(publicKey, 'base64')
  const bits = bitsOf(algorithm)
  const fits =
    bits === undefined
      ? octets.length === ED25519_OCTETS
      : rsaBits(octets) === bits && octets.length >= bits / 8 + SPKI_OCTETS
  return fits ? undefined : `has ${octets.length} octets, not those of ${algorithm}`
}

/** The text of a `public.json`: the same entries always give the same octets. */
export function formatKeyIndex(entries: readonly IndexEntry[]): string {
  const keys = entries
    .toSorted((a, b) => (a.selector === b.selector ? turnOf(a) - turnOf(b) : a.selector < b.selector ? -1 : 1))
    .map(({ selector, turn, algorithm, state, times, holder, recipients, tags, publicKey }) => ({
      selector,
      ...(turn && { turn }),
      algorithm,
      state,
      times: Object.fromEntries(
        [...STATES, ...NEXT_TO_STATES].flatMap((name) => {
          const at = times[name]
          return at === undefined ? [] : [[name, instantText(at)]]
        }),
      ),
      holder,
      ...(recipients && { recipients }),
      ...(tags && { tags }),
      publicKey,
    }))
  return `${JSON.stringify({ version: 2, keys }, null, 2)}\n`
}
