import { basename } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { MailsyncError } from '../../records/error.js'
import { DRAFT } from './create-file.js'

const HINTS: Record<string, string> = {
  EACCES: 'check who owns it and its permissions',
  EPERM: 'check who owns it, its permissions, and that the file system has hard links and file modes',
  EROFS: 'the file system is mounted read-only; run it where it can be written',
  ENOSPC: 'the disk is full; make room and run it again',
  EDQUOT: 'the disk quota is used up; make room and run it again',
  ENOTDIR: 'a file is where a folder has to be; move it away',
  EISDIR: 'a folder is where a file has to be; move it away',
  EMFILE: 'too many files are open; raise `ulimit -n`',
}

/**
 * What the file system refused, as a {@link MailsyncError} `io` that names the file; `file` stands in where the system
 * names none, or a draft. Anything else comes back as it is.
 */
export function ioError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error
  const { code = '', errno = 0, syscall = '', path: named = file } = error as NodeJS.ErrnoException
  const path = basename(named).startsWith(DRAFT) ? file : named
  const text = getSystemErrorMap().get(errno)?.[1] ?? 'failed'
  return new MailsyncError('io', `${path}: ${text} (${code} on ${syscall})`, {
    where: { file: path },
    hint: HINTS[code] ?? 'look at the file and its folder, then run it again',
    cause: error,
  })
}
