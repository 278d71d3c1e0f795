import { access } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** The name of the JSON Schema, in the package and beside a spec. */
export const SCHEMA_FILE = 'mailsync.schema.json'
const PLACES = [SCHEMA_FILE, join('node_modules', 'mailsync', SCHEMA_FILE)]

/**
 * The JSON Schema as a spec in a folder names it: beside it or above, or of a mailsync that is installed there. Editors take a
 * path in `$schema=` from the folder of the file (yaml-language-server 1.19, 2026-11). Undefined where there is none; what is
 * outside of the repository is not looked for.
 *
 * @param directory absolute
 */
export async function schemaPath(directory: string): Promise<string | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    for (const place of PLACES) {
      const path = join(folder, place)
      if (await isThere(path)) return dotted(relative(directory, path))
    }
    if (folder === dirname(folder) || (await isThere(join(folder, '.git')))) return undefined
  }
}

/** Whether there is a file or folder at a path. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function dotted(path: string): string {
  const slashed = path.replaceAll('\\', '/')
  return slashed.startsWith('.') ? slashed : `./${slashed}`
}
