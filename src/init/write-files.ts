import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../../providers/files/file-error.js'
import { replaceFile } from '../../providers/files/write-file.js'
import { isThere } from './schema-path.js'

/** A file that `init` makes. */
export interface NewFile {
  readonly path: string
  readonly text: string
  /** Lines that are added where the file is there already; without it, such a file is overwritten only where that is wanted. */
  readonly adds?: readonly string[]
}

/** Keeps the private halves of DKIM keys out of git, as `keys/.gitignore` does once there are keys. */
export async function gitignore(directory: string): Promise<NewFile | undefined> {
  const path = join(directory, '.gitignore')
  const lines = ['# Private DKIM keys; the public.json files beside them belong into git.', 'keys/**/*.pem']
  const held = await readFile(path, 'utf8').catch(() => undefined)
  if (held === undefined) return { path, text: `${lines.join('\n')}\n` }
  if (held.split(/\r?\n/).some((line) => line.trim() === lines[1])) return undefined
  return { path, text: `${held}${held === '' || held.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`, adds: lines }
}

/** Those that are there already and would be overwritten. */
export async function taken(files: readonly NewFile[]): Promise<NewFile[]> {
  const there = await Promise.all(files.map(({ path, adds }) => adds === undefined && isThere(path)))
  return files.filter((_, index) => there[index])
}

/** Writes the files, in this order. What came to be there meanwhile is overwritten only with `force`. */
export async function writeFiles(files: readonly NewFile[], force: boolean): Promise<void> {
  for (const { path, text, adds } of files) {
    try {
      await mkdir(dirname(path), { recursive: true })
      if (force || adds !== undefined) await replaceFile(path, text)
      else await writeFile(path, text, { flag: 'wx' })
    } catch (error) {
      throw fileError(error, path)
    }
  }
}
