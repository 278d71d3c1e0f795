import { dirname, posix, relative, resolve, sep } from 'node:path'
import { Unreadable } from '../../../providers/files/file-error.js'
import { YAML_LIMITS } from '../../../yaml/limits.js'
import type { SourceTree } from '../../source-tree.js'
import { type GitPlace, gitIn, type ObjectReader, objectReader } from './git.js'
import type { Revision } from './revision.js'

/** The files of a revision, for as long as it is open. */
export interface RevisionTree extends SourceTree {
  close(): void
}

/** What git has at a path, as `git ls-tree` tells it. */
interface Entry {
  readonly mode: string
  readonly id: string
}

const LINK = '120000'
/** Octets of a path, as systems have them at most. */
const PATH_OCTETS = 4096
/** A link may lead to a link. */
const MOST_LINKS = 40

/**
 * The files as a commit has them: nothing of the files that are there now is looked at. What is no file of the repository, or
 * leads out of it, cannot be read. Every file is read by one process of git.
 */
export async function openRevisionTree(
  { commit, prefix }: Revision,
  file: string,
  place: Omit<GitPlace, 'folder'>,
): Promise<RevisionTree> {
  const base = dirname(resolve(file))
  const at = { folder: base, ...place }
  const entries = entriesIn(await gitIn(at)('ls-tree', '-r', '-z', '--full-tree', commit))
  const objects = objectReader(at)
  try {
    const links = await linksOf(entries, objects)
    const pathOf = (path: string): string => realPath(inRepository(path, base, prefix), path, links)
    const folders = namesByFolder(entries.keys())
    return {
      isPast: true,
      read: async (path, limit = YAML_LIMITS.jsonBytes) => {
        const real = pathOf(path)
        const entry = entries.get(real)
        if (entry === undefined) throw folders.has(real) ? isFolder(path) : missing(path)
        const octets = await objects.read(entry.id, limit)
        if (octets !== undefined) return octets
        throw new Unreadable(path, `it is larger than ${limit} octets`, 'is it the right file?')
      },
      list: (folder) => [...(folders.get(pathOf(folder)) ?? [])],
      modeOf: () => 0,
      close: objects.close,
    }
  } catch (error) {
    objects.close()
    throw error
  }
}

/** The output of `git ls-tree -r -z`: `MODE TYPE ID`, a tab, the path. */
function entriesIn(listing: Buffer): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const line of listing.toString().split('\0')) {
    const tab = line.indexOf('\t')
    const [mode = '', type, id = ''] = line.slice(0, Math.max(tab, 0)).split(' ')
    if (type === 'blob') entries.set(line.slice(tab + 1), { mode, id })
  }
  return entries
}

async function linksOf(entries: ReadonlyMap<string, Entry>, objects: ObjectReader): Promise<Map<string, string>> {
  const found = [...entries].filter(([, { mode }]) => mode === LINK)
  // What is no path leads out of the repository.
  const read = found.map(
    async ([path, { id }]) => [path, (await objects.read(id, PATH_OCTETS))?.toString() ?? '/'] as const,
  )
  return new Map(await Promise.all(read))
}

/** A path as the repository has it. */
function inRepository(path: string, base: string, prefix: string): string {
  return posix.normalize(posix.join(prefix, relative(base, path).replaceAll(sep, '/'))).replace(/\/$/, '')
}

/** Where a path leads to, through the links on its way. */
function realPath(path: string, shown: string, links: ReadonlyMap<string, string>): string {
  let rest = path.split('/')
  let real: string[] = []
  let followed = 0
  while (rest.length > 0) {
    const [step, ...more] = rest as [string, ...string[]]
    rest = more
    if (step === '..') {
      if (real.length === 0) throw outside(shown)
      real.pop()
      continue
    }
    if (step === '.' || step === '') continue
    const target = links.get([...real, step].join('/'))
    if (target === undefined) real = [...real, step]
    else if (target.startsWith('/')) throw outside(shown)
    else if (++followed > MOST_LINKS)
      throw new Unreadable(shown, 'a symbolic link leads back to itself', 'correct the link')
    else rest = [...target.split('/'), ...rest]
  }
  return real.join('/')
}

/** Of every folder that has a file, the names in it. */
function namesByFolder(paths: Iterable<string>): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>()
  for (const path of paths) {
    let at = path
    while (at !== '') {
      const cut = at.lastIndexOf('/')
      const folder = at.slice(0, Math.max(cut, 0))
      const name = at.slice(cut + 1)
      const names = folders.get(folder)
      if (names?.has(name)) break
      if (names) names.add(name)
      else folders.set(folder, new Set([name]))
      at = folder
    }
  }
  return folders
}

function missing(path: string): Error {
  return Object.assign(new Error(`there is no file ${path}`), { code: 'ENOENT', syscall: 'open', path, errno: -2 })
}

function isFolder(path: string): Error {
  return new Unreadable(path, 'it is a directory', 'a folder is where a file has to be')
}

function outside(path: string): Unreadable {
  return new Unreadable(path, 'it is outside of the repository', 'nobody knows what it was in the revision')
}
