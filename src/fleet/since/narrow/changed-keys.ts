import { existsSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { FILE_LABELS } from '../../../dkim/keystore/key-files.js'
import { workingTree } from '../../../source-tree.js'
import { type GitPlace, gitIn } from '../git.js'
import type { Revision } from '../revision.js'

const INDEX = 'public.json'

/**
 * The folders of keys whose public index is not as it was. Git tells the ids of the files that are there, which takes a tenth of reading them: of
 * their octets alone, as no filter is applied.
 */
export async function changedKeys(
  directory: string,
  { commit, prefix }: Revision,
  place: GitPlace,
): Promise<Set<string>> {
  const now = workingTree()
    .list(directory)
    .filter((folder) => FILE_LABELS.test(folder) && existsSync(join(directory, folder, INDEX)))
  const below = `${prefix}${relative(place.folder, directory).split(sep).join('/')}/`
  const then = new Map<string, string>()
  const listing = await gitIn(place)('ls-tree', '-r', '-z', '--full-tree', commit, '--', below)
  for (const line of listing.toString().split('\0')) {
    const [about = '', path = ''] = line.split('\t')
    const [folder = '', file, more] = path.slice(below.length).split('/')
    if (file === INDEX && more === undefined) then.set(folder, about.split(' ')[2] ?? '')
  }
  if (now.length === 0) return new Set(then.keys())
  const paths = now.map((folder) => resolve(directory, folder, INDEX))
  const hash = gitIn(place, `${paths.join('\n')}\n`)
  const ids = (await hash('hash-object', '--no-filters', '--stdin-paths')).toString().split('\n')
  const changed = now.filter((folder, index) => then.get(folder) !== ids[index])
  const here = new Set(now)
  return new Set([...changed, ...[...then.keys()].filter((folder) => !here.has(folder))])
}
