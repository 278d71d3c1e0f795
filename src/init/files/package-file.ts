import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The text of a file that comes with mailsync, by its path in the package: the bundle and the sources lie at different depths in it. */
export async function packageFile(path: string): Promise<string> {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined)
    if (manifest !== undefined) return readFile(join(folder, path), 'utf8')
  }
  throw new Error(`${path} is missing in the package`)
}
