import { readdir } from 'node:fs/promises'
import { draftOf } from './draft.js'

/**
 * The files in a folder that a killed run may have left: drafts, and the markers of locks. Whether one was left, and is not
 * of a run that lives, is known only to who holds the lock that it belongs to.
 */
export async function leftoversIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => draftOf(name) !== undefined || /-[\da-f]{12}$/.test(name))
}

/** Lists each folder once: to list a folder of thousands of files before each of them is written takes longer than to write them. */
export function leftoversOnce(): typeof leftoversIn {
  const folders = new Map<string, Promise<string[]>>()
  return (folder) => {
    const listed = folders.get(folder) ?? leftoversIn(folder)
    folders.set(folder, listed)
    return listed
  }
}
