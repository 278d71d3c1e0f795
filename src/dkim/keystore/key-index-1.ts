import * as z from 'zod'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { once } from '../../../records/once.js'
import { FILE_LABELS } from './key-files.js'

const entry = () =>
  z
    .strictObject({
      selector: z.string().regex(FILE_LABELS, 'is no selector in lower case'),
      algorithm: z.enum(['rsa-1024', 'rsa-2048', 'rsa-4096', 'ed25519']),
      state: z.enum(['published', 'active', 'revoked']),
      created: z.iso.date(),
      publicKey: z.base64(),
    })
    .transform(({ selector, algorithm, state, created, publicKey }): Omit<RingKey, 'domain'> => {
      const published = Date.parse(created) / 1000
      const key = { selector, algorithm, holder: 'file', publicKey } as const
      if (state === 'published') return { ...key, state, times: { published } }
      if (state === 'revoked') return { ...key, state, times: { published, revoked: published } }
      return { ...key, state: 'signing', times: { published, visible: published, signing: published } }
    })

/** The index that mailsync 0.1 wrote, with a day for all times. It is read, and written as the newest version. */
export const indexVersion1 = once(() => z.strictObject({ version: z.literal(1), keys: z.array(entry()) }))
