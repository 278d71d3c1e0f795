import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Unreadable } from './file-error.js'

/**
 * Refuses a path that leads out of a folder, by `..`, from the root, or through a symbolic link, before anything there is
 * looked at: whether a file outside exists is not told either.
 *
 * Throws {@link Unreadable}.
 *
 * @param folder absolute
 */
export function assertInside(folder: string, path: string): void {
  const place = isBelow(resolve(folder), resolve(path)) || isBelow(realpathSync(folder), resolve(path))
  const real = place ? realPlace(resolve(path)) : undefined
  if (real !== undefined && isBelow(realpathSync(folder), real)) return
  throw new Unreadable(path, 'it is outside of the checkout', 'keep every file that the spec needs in its repository')
}

/**
 * Refuses a path in a folder that a symbolic link leads out of it, as {@link assertInside} does. A path that is outside by
 * its own words is the user's choice, seen where it is written; a link is seen by nobody.
 */
export function assertNotLedOut(folder: string, path: string): void {
  if (isBelow(resolve(folder), resolve(path))) assertInside(folder, path)
}

/** Where a path leads to, as far as there is something; undefined where it is a link to nothing. */
function realPlace(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ELOOP' || lstatSync(path, { throwIfNoEntry: false }) !== undefined) return undefined
    const parent = dirname(path) === path ? undefined : realPlace(dirname(path))
    return parent && join(parent, basename(path))
  }
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
