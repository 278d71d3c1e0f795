import { join } from 'node:path'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'

/** Where the keys of one domain lie. */
export interface KeyFiles {
  readonly folder: string
  /** The public index, which is committed. */
  readonly index: string
  readonly lock: string
  /** The private key of a selector. Throws {@link MailsyncError} `spec` when the selector cannot be a file name. */
  privateKey(selector: string): string
  /** The same where age encrypts it. */
  sealedKey(selector: string): string
  /** A private half that was revealed: public on purpose. */
  revealedKey(selector: string): string
}

/** Labels as files are named after them: none is empty and none has a slash, so no path leaves its directory. */
export const FILE_LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/**
 * The files of `domain` under the keys directory. Names are in lower case only, so no two of them are one file on a file
 * system that ignores case.
 *
 * Throws {@link MailsyncError} `spec` when the domain cannot be a folder name.
 */
export function keyFiles(directory: string, domain: Name): KeyFiles {
  const folder = join(directory, safe('domain', domain.replace(/\.$/, '')))
  return {
    folder,
    index: join(folder, 'public.json'),
    lock: join(folder, '.lock'),
    privateKey: (selector) => join(folder, `${safe('selector', selector)}.pem`),
    sealedKey: (selector) => join(folder, `${safe('selector', selector)}.pem.age`),
    revealedKey: (selector) => join(folder, `${safe('selector', selector)}.revealed.txt`),
  }
}

function safe(what: string, name: string): string {
  if (FILE_LABELS.test(name)) return name
  throw new MailsyncError('spec', `the ${what} ${quoted(name)} cannot name the file of a DKIM key`, {
    hint: 'use lower-case letters, digits, hyphens and underscores, with single dots between',
  })
}
