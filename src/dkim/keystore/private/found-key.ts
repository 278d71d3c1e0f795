import { existsSync, type Stats } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { MailsyncError } from '../../../../records/error.js'

const GIT_TIMEOUT_MS = 10_000

/**
 * Throws {@link MailsyncError} `guard` where a private key that was found, and that no index tells of, may be anybody's:
 * whoever put it there could sign mail as the domain once it is published.
 */
export async function assertOwn(file: string): Promise<void> {
  const fault = faultOf(await lstat(file)) ?? (await trackedFault(file))
  if (fault === undefined) return
  throw new MailsyncError('guard', `${file} is a private key that was found, and it is not published: ${fault}`, {
    where: { file },
    hint: 'move it away, and generate keys again; if it is your own, enter it with mode 0600 and outside git',
  })
}

/** Throws {@link MailsyncError} `guard` where the folder of a domain is a symbolic link: its keys would lie somewhere else. */
export async function assertNoLink(folder: string): Promise<void> {
  if (!(await lstat(folder)).isSymbolicLink()) return
  throw new MailsyncError('guard', `${folder} is a symbolic link, and the keys of a domain lie in a folder`, {
    where: { file: folder },
    hint: 'put a folder there; to keep all keys somewhere else, set keys.directory',
  })
}

function faultOf(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'it is a symbolic link'
  if (!stats.isFile()) return 'it is not a regular file'
  const user = process.getuid?.()
  if (user === undefined) return undefined // Windows has neither owner nor mode.
  if (stats.uid !== user) return 'another user owns it'
  return (stats.mode & 0o077) === 0 ? undefined : 'other users can read or write it'
}

async function trackedFault(file: string): Promise<string | undefined> {
  // Git knows no path that leads through a symbolic link, which the folder of all keys may be.
  const folder = await realpath(dirname(file))
  if (!isInWorkTree(folder)) return undefined
  const listed = await listedByGit(folder, basename(file))
  if (listed === undefined) return 'git cannot say whether it is in the repository'
  return listed ? 'git has it, so it is no secret' : undefined
}

/** Whether a folder lies in a work tree of git. */
export function isInWorkTree(folder: string): boolean {
  return existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isInWorkTree(dirname(folder)))
}

/** Undefined where git did not answer; false where there is no git, which then is not what brought the file here. */
async function listedByGit(folder: string, name: string): Promise<boolean | undefined> {
  // A checkout of another user is no reason for git to refuse, and no setting of it may start a program.
  const settings = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false']
  const args = [...settings, 'ls-files', '-z', '--', `:(literal)${name}`]
  // A hook of git names a repository in the environment, which need not be the one around the keys.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')))
  const options = { cwd: folder, env, timeout: GIT_TIMEOUT_MS, windowsHide: true }
  const { execFile } = await import('node:child_process')
  return new Promise((answer) => {
    execFile('git', args, options, (error, stdout) => {
      if (error === null) answer(stdout !== '')
      else answer(error.code === 'ENOENT' ? false : undefined)
    })
  })
}
