import { getSystemErrorMap } from 'node:util'
import { MailsyncError } from '../../records/error.js'

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'check who owns it and its permissions',
  EPERM: 'check who owns it and its permissions',
  EROFS: 'the file system is mounted read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file stands where `directory` needs a folder',
  EEXIST: 'a file stands where `directory` needs a folder',
  EISDIR: 'a folder stands where the zone file has to be',
  ELOOP: 'a symbolic link leads back to itself',
}

/** What the file system refused, as a {@link MailsyncError} `io` that names the file; any other error comes back as it is. */
export function fileError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error
  const { code = '', errno = 0, syscall = '', path = file } = error as NodeJS.ErrnoException
  const text = getSystemErrorMap().get(errno)?.[1] ?? 'failed'
  return new MailsyncError('io', `${path}: ${text} (${code} on ${syscall})`, {
    where: { file: path },
    hint: HINTS[code] ?? 'look at the file and its folder, then run it again',
    apiCode: code,
    cause: error,
  })
}

/** For `catch`: undefined where nothing stands at a path. */
export function unlessAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
