import { dirname, resolve } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { MailsyncError } from '../../../records/error.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import { recordOfPair } from './key-file.js'
import type { KeysOf, SourceContext } from './source.js'

const USUAL = '/etc/opendkim/KeyTable'

/** Keys of OpenDKIM, by its KeyTable (opendkim.conf(5)): `NAME DOMAIN:SELECTOR:PATH`, where `%` is whatever domain signs. */
export function opendkimKeys({ options, pathOf }: SourceContext): KeysOf {
  const file = pathOf(String(options.key_table ?? USUAL))
  let table: readonly Entry[] | undefined
  return async (domain: Name) => {
    table ??= entriesIn(textOf(file), file)
    const own = table.filter((entry) => entry.domain === '%' || entry.domain.toLowerCase() === withoutDot(domain))
    const paths = new Map(own.map(({ selector, path }) => [selector, pathOf(resolve(dirname(file), path))]))
    return Promise.all(
      [...paths].map(async ([selector, path]) => ({
        selector,
        txt: await recordOfPair(path, `${path.replace(/\.(?:private|pem|key)$/, '')}.txt`),
      })),
    )
  }
}

interface Entry {
  readonly domain: string
  readonly selector: string
  readonly path: string
}

function entriesIn(text: string, file: string): Entry[] {
  return text.split('\n').flatMap((line, index): Entry[] => {
    const [, value] = line.replace(/#.*/, '').trim().split(/\s+/, 2)
    if (value === undefined) return []
    const [domain = '', selector = '', ...rest] = value.split(':')
    const path = rest.join(':')
    if (!/^\.{0,2}\//.test(path))
      throw new MailsyncError('io', 'a line of the KeyTable names no file with a key', {
        where: { file, line: index + 1 },
        hint: 'mailsync reads keys in files: DOMAIN:SELECTOR:/path/to/key',
      })
    return [{ domain, selector: selector.toLowerCase(), path }]
  })
}

function textOf(file: string): string {
  try {
    return readRegularFile(file, FILE_LIMITS.keyIndex).toString()
  } catch (error) {
    throw fileError(error, file)
  }
}
