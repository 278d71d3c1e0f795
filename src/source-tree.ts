import { readdirSync, statSync } from 'node:fs'
import { assertInside } from '../providers/files/inside.js'
import { readRegularFile } from '../providers/files/read-file.js'
import { YAML_LIMITS } from '../yaml/limits.js'

/** Where everything that a spec consists of is read: the files here and now, or those of a revision. Paths are absolute. */
export interface SourceTree {
  /**
   * The octets of a file.
   *
   * @param limit octets that it may have; those of a spec without it
   *
   * Throws as `node:fs` does, with `code` `ENOENT` where nothing is there, and `Unreadable`.
   */
  read(path: string, limit?: number): Promise<Uint8Array>
  /** The names in a folder; none where there is none. */
  list(folder: string): readonly string[]
  /** The permission bits of a file; 0 where nobody could open it. */
  modeOf(path: string): number
  /** Of a revision: nothing but its files says what was there. Keys that servers tell, and adapters that are no part of mailsync, are not asked. */
  readonly isPast?: true
}

/**
 * The files as they are. The calls are synchronous because that is three times as fast: 10,000 key indexes take 0.4 s, with
 * those of `node:fs/promises` 1.3 s (Node 20.20, 2026-11).
 *
 * @param within absolute folder: none outside of it is looked at
 */
export function workingTree(within?: string): SourceTree {
  const assertOwn = (path: string): void => {
    if (within !== undefined) assertInside(within, path)
  }
  return {
    read: async (path, limit = YAML_LIMITS.jsonBytes) => {
      assertOwn(path)
      return readRegularFile(path, limit)
    },
    list: (folder) => {
      assertOwn(folder)
      return namesIn(folder)
    },
    modeOf: (path) => statSync(path, { throwIfNoEntry: false })?.mode ?? 0,
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
