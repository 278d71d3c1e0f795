import * as z from 'zod'
import type { DkimAlgorithm } from '../../records/families/dkim/dkim-key.js'
import { FILE_LABELS } from './key-files.js'

/**
 * Octets of a public key. For RSA the SubjectPublicKeyInfo is the modulus and some 38 octets, fewer with a small exponent:
 * the bare RSAPublicKey of PKCS#1 is 24 octets shorter and falls outside, as does a key of another size.
 */
const OCTETS: Record<DkimAlgorithm, readonly [min: number, max: number]> = {
  'rsa-1024': [156, 192],
  'rsa-2048': [286, 320],
  'rsa-4096': [542, 576],
  ed25519: [32, 32],
}

const entry = z
  .strictObject({
    selector: z.string().regex(FILE_LABELS, 'is no selector in lower case'),
    algorithm: z.enum(['rsa-1024', 'rsa-2048', 'rsa-4096', 'ed25519']),
    state: z.enum(['published', 'active', 'revoked']),
    created: z.iso.date(),
    publicKey: z.base64(),
  })
  .superRefine(({ algorithm, publicKey }, context) => {
    const octets = Buffer.byteLength(publicKey, 'base64')
    const [min, max] = OCTETS[algorithm]
    if (octets >= min && octets <= max) return
    context.addIssue({
      code: 'custom',
      path: ['publicKey'],
      message: `has ${octets} octets, not those of ${algorithm}`,
    })
  })

const index = z.strictObject({
  version: z.literal(1, 'is not 1, the only version this mailsync knows'),
  keys: z.array(entry).superRefine((keys, context) => {
    const seen = new Set<string>()
    for (const [position, { selector }] of keys.entries()) {
      if (seen.has(selector))
        context.addIssue({ code: 'custom', path: [position, 'selector'], message: `${selector} is there twice` })
      seen.add(selector)
    }
  }),
})

/** One key in the public index of its domain. */
export type IndexEntry = Readonly<z.infer<typeof entry>>

/** What makes a malformed index right again. */
export const INDEX_HINT = 'restore it from git; after a merge conflict keep the entries of both sides'

/** Reads the text of a `public.json`; every fault in it is named in `error`. */
export function parseKeyIndex(text: string): { readonly entries: IndexEntry[] } | { readonly error: string } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // What JSON.parse says quotes the text, and a private key lies beside.
    return { error: 'is not JSON' }
  }
  const parsed = index.safeParse(json)
  if (parsed.success) return { entries: parsed.data.keys }
  const faults = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '))
  return { error: faults.join('; ') }
}

/** The text of a `public.json`: the same entries always give the same octets. */
export function formatKeyIndex(entries: readonly IndexEntry[]): string {
  const keys = entries
    .toSorted((a, b) => (a.selector < b.selector ? -1 : 1))
    .map(({ selector, algorithm, state, created, publicKey }) => ({ selector, algorithm, state, created, publicKey }))
  return `${JSON.stringify({ version: 1, keys }, null, 2)}\n`
}
