import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { replaceFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import type { Questions } from '../questions.js'
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

/** Whether the spec may be overwritten: true only where a person says so. Throws `guard` where it is there and may not. */
export async function mayOverwrite(config: string, questions: Questions | undefined): Promise<boolean> {
  if (!(await isThere(config))) return false
  if (questions && (await questions.confirm(`${config} is there already. Overwrite it?`, false))) return true
  throw alreadyThere([{ path: resolve(config), text: '' }])
}

export function alreadyThere(files: readonly NewFile[]): MailsyncError {
  const [first] = files as readonly [NewFile]
  const names = files.map(({ path }) => shown(path)).join(', ')
  return new MailsyncError(
    'guard',
    `${names} ${files.length === 1 ? 'is' : 'are'} there already, and not overwritten`,
    {
      where: { file: shown(first.path) },
      hint: 'write another file with --config FILE, overwrite with --force, or look first with --dry-run',
    },
  )
}

/** As a person in the working directory writes it. */
export function shown(path: string): string {
  return relative('', path)
}
