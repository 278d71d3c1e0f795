import { isAbsolute, resolve } from 'node:path'
import type { Compiled } from '../../../records/compile.js'
import { MailsyncError } from '../../../records/error.js'
import type { MailSpec } from '../../../records/spec.js'
import { isMoving } from '../../move/is-moving.js'
import type { LeftOutZones } from '../../plan/plan.js'
import { type Problem, SpecErrors } from '../../problem.js'
import { openSession, type Session } from '../../session.js'
import { type SourceTree, workingTree } from '../../source-tree.js'
import { type Difference, difference } from './difference.js'
import { type GitPlace, GitRefusal } from './git.js'
import { findRevision, type Revision } from './revision.js'
import { openRevisionTree } from './revision-tree.js'

/** A revision that a spec is compared with, to look only at what differs. */
export interface Since {
  readonly revision: Omit<LeftOutZones, 'notLookedAt'>
  /** Zones of the spec that are as they were, and were left out before it was read. */
  readonly unread?: number
  /** What differs from what the spec means now. */
  difference(compiled: Compiled): Difference
}

/** Why nothing can be left out, to be told with a plan of everything. */
export interface Everything {
  readonly everything: Problem
}

/**
 * Opens the spec as it was in a revision. Where it was not there yet, or had errors then, it is not known what it meant: then
 * everything is planned, and the plan says so. Throws `usage` where git does not know the revision.
 */
export async function openSince(
  name: string,
  session: Session,
  place: Omit<GitPlace, 'folder'>,
): Promise<Since | Everything> {
  const { file } = session
  const revision = await findRevision(name, file, place)
  const tree = await openRevisionTree(revision, file, place)
  try {
    if (!(await isThere(tree, file))) return everything(`${file} was not there in ${shown(revision)}`)
    const then = await openSession({
      file,
      env: {},
      online: false,
      tree,
      ...(!isMoving(session) && { known: session }),
    })
    return await sinceOf(revision, session, then, tree)
  } catch (error) {
    return everything(`it is not known what ${file} meant in ${shown(revision)}: ${reasonOf(error)}`)
  } finally {
    tree.close()
  }
}

/** What differs between a spec now and in a revision, which are both open. @param tree the files of the revision */
export async function sinceOf(
  { name, commit }: Revision,
  now: Session,
  then: Session,
  tree: SourceTree,
): Promise<Since> {
  const changed = await changedClasses(now.spec, resolve(now.file, '..'), tree)
  return {
    revision: { by: 'since', value: name, commit },
    difference: remembered((compiled) => difference(now, then, compiled, changed)),
  }
}

/** A plan asks of the same meaning several times. */
function remembered(work: Since['difference']): Since['difference'] {
  const known = new WeakMap<Compiled, Difference>()
  return (compiled) => {
    const found = known.get(compiled) ?? work(compiled)
    known.set(compiled, found)
    return found
  }
}

/** The note of a plan of everything. */
export function everything(why: string, hint?: string): Everything {
  return {
    everything: {
      rule: 'since-everything',
      severity: 'note',
      message: `every zone is planned: ${why}`,
      ...(hint !== undefined && { hint }),
    },
  }
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

/** The classes that are files whose text is not what it was. */
async function changedClasses({ providers }: MailSpec, folder: string, tree: SourceTree): Promise<Set<string>> {
  const own = [...new Set([...providers.values()].map((provider) => provider.class))].filter(
    (name) => name.startsWith('.') || isAbsolute(name),
  )
  const here = workingTree()
  const changed = await Promise.all(
    own.map(async (name) => {
      const path = resolve(folder, name)
      const texts = await Promise.all([here, tree].map(({ read }) => read(path).catch(() => undefined)))
      const [now, then] = texts
      return now && then && Buffer.compare(now, then) === 0 ? [] : [name]
    }),
  )
  return new Set(changed.flat())
}
