import { basename } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { MailsyncError } from '../../records/error.js'
import { draftOf } from './draft.js'

const FOLDER_WANTED = 'a file is where a folder has to be; move it away'

const HINTS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'check who owns it and its permissions'],
  ['EPERM', 'check who owns it, its permissions, and that the file system has hard links and file modes'],
  ['EROFS', 'the file system is mounted read-only; run it where it can be written'],
  ['ENOSPC', 'the disk is full; make room and run it again'],
  ['EDQUOT', 'the disk quota is used up; make room and run it again'],
  ['ENOTDIR', FOLDER_WANTED],
  ['EEXIST', FOLDER_WANTED],
  ['EISDIR', 'a folder is where a file has to be; move it away'],
  ['ELOOP', 'a symbolic link leads back to itself'],
  ['EMFILE', 'too many files are open; raise `ulimit -n`'],
])

/** A file that is there and is not read. The message goes on from its name: "it is not a regular file". */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly path: string
  readonly hint: string

  constructor(path: string, message: string, hint: string) {
    super(message)
    this.path = path
    this.hint = hint
  }
}

/**
 * What the file system or we refused, as a {@link MailsyncError} `io` that names the file; `file`
 * stands in where the system names none, or a draft. Any other error comes back as it is.
 */
export function fileError(error: unknown, file: string): unknown {
  if (error instanceof Unreadable)
    return new MailsyncError('io', `${error.path}: ${error.message}`, {
      where: { file: error.path },
      hint: error.hint,
      cause: error,
    })
  if (!(error instanceof Error) || !('syscall' in error)) return error
  const { code = '', errno = 0, syscall = '', path: named = file } = error as NodeJS.ErrnoException
  const path = draftOf(basename(named)) === undefined ? named : file
  const text = getSystemErrorMap().get(errno)?.[1] ?? 'failed'
  return new MailsyncError('io', `${path}: ${text} (${code} on ${syscall})`, {
    where: { file: path },
    hint: HINTS.get(code) ?? 'look at the file and its folder, then run it again',
    apiCode: code,
    cause: error,
  })
}

/** For `catch`: undefined where nothing stands at a path. */
export function unlessAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
