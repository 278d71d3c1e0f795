import { existsSync, lstatSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
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
  { within, ...place }: GitPlace & { readonly within?: string | undefined },
): Promise<Set<string>> {
  const indexOf = (folder: string): string => resolve(directory, folder, INDEX)
  const here = workingTree(within)
    .list(directory)
    .filter((folder) => FILE_LABELS.test(folder) && existsSync(indexOf(folder)))
  const below = `${prefix}${relative(place.folder, directory).split(sep).join('/')}/`
  const then = new Map<string, string>()
  const listing = await gitIn(place)('ls-tree', '-r', '-z', '--full-tree', commit, '--', below)
  for (const line of listing.toString().split('\0')) {
    const [about = '', path = ''] = line.split('\t')
    const [folder = '', file, more] = path.slice(below.length).split('/')
    if (file === INDEX && more === undefined) then.set(folder, about.split(' ')[2] ?? '')
  }
  // Git would wait for what a pipe never says.
  const files = here.filter((folder) => lstatSync(indexOf(folder)).isFile())
  const ids = await idsOf(files.map(indexOf), place)
  const now = new Map(files.map((folder, index) => [folder, ids[index]]))
  return new Set([...here, ...then.keys()].filter((folder) => !now.has(folder) || now.get(folder) !== then.get(folder)))
}

async function idsOf(paths: readonly string[], place: GitPlace): Promise<string[]> {
  if (paths.length === 0) return []
  const hash = gitIn(place, `${paths.join('\n')}\n`)
  return (await hash('hash-object', '--no-filters', '--stdin-paths')).toString().split('\n')
}
