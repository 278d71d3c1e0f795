import { dirname, resolve } from 'node:path'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { type GitPlace, GitRefusal, gitIn } from './git.js'

/** A commit, and where the folder of the spec is in it. */
export interface Revision {
  /** As it was asked for. */
  readonly name: string
  readonly commit: string
  /** The folder of the spec from the top of the repository, with `/` between and at the end; empty at the top. */
  readonly prefix: string
}

/**
 * Finds the commit that a revision is, in the repository that a spec is in.
 *
 * Throws `usage` where there is no repository, no such commit in it, or what is named may be an option of git.
 */
export async function findRevision(name: string, file: string, place: Omit<GitPlace, 'folder'>): Promise<Revision> {
  if (name === '' || name.startsWith('-'))
    throw new MailsyncError('usage', `--since ${quoted(name)} is no revision`, {
      hint: 'name a commit, a tag or a branch: --since main',
    })
  const folder = dirname(resolve(file))
  const git = gitIn({ folder, ...place })
  const prefix = textOf(await git('rev-parse', '--show-prefix').catch(noRepository(folder)))
  const commit = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).catch(
    (error: unknown) => noCommit(name, git, error),
  )
  return { name, commit: textOf(commit), prefix }
}

function textOf(printed: Buffer): string {
  return printed.toString().replace(/\n$/, '')
}

function noRepository(folder: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof GitRefusal)) throw error
    const said = error.message.split('\n')[0]?.replace(/^fatal: /, '')
    throw new MailsyncError('usage', `--since: git cannot read the repository of ${folder}: ${said}`, {
      hint: 'the spec has to be in a git repository; without --since every zone is planned',
      cause: error,
    })
  }
}

async function noCommit(name: string, git: ReturnType<typeof gitIn>, error: unknown): Promise<never> {
  if (!(error instanceof GitRefusal)) throw error
  const isShallow = textOf(await git('rev-parse', '--is-shallow-repository')) === 'true'
  throw new MailsyncError('usage', `--since ${quoted(name)}: there is no such commit in this repository`, {
    hint: isShallow
      ? 'the clone is shallow: fetch more of it (git fetch --unshallow; in a workflow, fetch-depth: 0 below actions/checkout)'
      : 'fetch it, or name another: git log --oneline shows what is there',
    cause: error,
  })
}
