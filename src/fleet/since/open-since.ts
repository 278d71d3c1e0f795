import { resolve } from 'node:path'
import { MailsyncError } from '../../../records/error.js'
import { isMoving } from '../../move/is-moving.js'
import { SpecErrors } from '../../problem.js'
import { type OpenOptions, openSession, type Session } from '../../session.js'
import type { SourceTree } from '../../source-tree.js'
import { type GitPlace, GitRefusal } from './git.js'
import { openChanged } from './narrow/open-changed.js'
import { type Opened, openAll, openedAgain } from './opened.js'
import type { Revision } from './revision.js'
import { openRevisionTree } from './revision-tree.js'
import { type Compare, comparisonWith, everything } from './since.js'

export interface SinceOptions extends OpenOptions {
  /** Whether all of the spec is wanted, and not only what can differ. */
  readonly isWhole: boolean
}

/**
 * Opens a spec, and as it was in a revision; where no more is wanted, only what may differ of both. Where it was not there yet, or had
 * errors then, it is not known what it meant: then everything is planned, and the plan says so.
 */
export async function openSince(
  revision: Revision,
  { isWhole, ...options }: SinceOptions,
  place: Omit<GitPlace, 'folder'>,
): Promise<Opened> {
  const tree = await openRevisionTree(revision, options.file, place).catch(ofGit)
  if (tree instanceof GitRefusal) return openAll(options, everything(unknownMeaning(options.file, revision, tree)))
  try {
    const changed = isWhole ? undefined : await openChanged(revision, tree, options, place)
    if (changed !== undefined) return changed
    const session = await openSession(options)
    return openedAgain({ session, open: openSession, compare: await comparison(revision, session, tree) }, options)
  } finally {
    tree.close()
  }
}

async function comparison(revision: Revision, session: Session, tree: SourceTree): Promise<Compare> {
  const unknown = (why: string) => () => everything(why)
  const { file } = session
  try {
    if (!(await isThere(tree, file))) return unknown(`${file} was not there in ${shown(revision)}`)
    const known = isMoving(session) ? {} : { known: session }
    const then = await openSession({ file, env: {}, online: false, tree, ...known })
    return await comparisonWith(then, revision, tree)
  } catch (error) {
    return unknown(unknownMeaning(file, revision, error))
  }
}

/** What a clone lacks that was made without trees (`git clone --filter=tree:0`) is told, and no reason to fail. */
function ofGit(error: unknown): GitRefusal {
  if (error instanceof GitRefusal) return error
  throw error
}

function unknownMeaning(file: string, revision: Revision, error: unknown): string {
  return `it is not known what ${file} meant in ${shown(revision)}: ${reasonOf(error)}`
}

function shown({ name, commit }: Revision): string {
  return `${name} (${commit.slice(0, 7)})`
}

function reasonOf(error: unknown): string {
  if (error instanceof GitRefusal) return `git says: ${error.message}`
  if (error instanceof MailsyncError && error.code !== 'cancelled') return error.message
  if (!(error instanceof SpecErrors)) throw error
  const first = error.problems.find(({ severity }) => severity === 'error')
  const where = first?.where ? `${first.where.file}:${first.where.line}: ` : ''
  const more = error.problems.filter(({ severity }) => severity === 'error').length - 1
  return `${where}${first?.message}${more > 0 ? ` (and ${more} more)` : ''}`
}

async function isThere(tree: SourceTree, file: string): Promise<boolean> {
  try {
    await tree.read(resolve(file))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
