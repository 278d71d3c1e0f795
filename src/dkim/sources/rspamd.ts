import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { MailsyncError } from '../../../records/error.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import { recordOfPair } from './key-file.js'
import type { KeysOf, SourceContext } from './source.js'

const USUAL = '/var/lib/rspamd/dkim/$domain.$selector.key'
const SELECTOR = '$selector'

/** Keys of rspamd, in files named by its `path` (the module dkim_signing): every selector for which there is one. */
export function rspamdKeys({ options, pathOf }: SourceContext): KeysOf {
  return async (domain: Name) => {
    const pattern = pathOf(String(options.path ?? USUAL).replaceAll('$domain', withoutDot(domain)))
    const folder = dirname(pattern)
    const [head = '', tail, ...more] = basename(pattern).split(SELECTOR)
    if (tail === undefined || more.length > 0)
      throw new MailsyncError('spec', `${pattern} has no ${SELECTOR} in the name of its file`, {
        hint: `write it as rspamd has it, such as ${USUAL}`,
      })
    const names = await readdir(folder).catch((error: unknown) => {
      throw fileError(error, folder)
    })
    const selectors = names
      .filter((name) => name.startsWith(head) && name.endsWith(tail) && name.length > head.length + tail.length)
      .map((name) => name.slice(head.length, name.length - tail.length))
      .filter((selector) => /^[A-Za-z0-9_-]+$/.test(selector))
    return Promise.all(
      selectors.sort().map(async (selector) => {
        const key = join(folder, `${head}${selector}${tail}`)
        return { selector: selector.toLowerCase(), txt: await recordOfPair(key, `${key.replace(/\.[^./]*$/, '')}.txt`) }
      }),
    )
  }
}
