import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { draftOf } from '../../../providers/files/draft.js'
import { unlessAbsent } from '../../../providers/files/file-error.js'
import { MailsyncError } from '../../../records/error.js'
import { type DkimKeyRequest, keyId } from '../../../records/families/dkim/dkim-key.js'
import { changeKeys, readIndex } from './change-keys.js'
import type { KeyFiles } from './key-files.js'
import type { IndexEntry } from './key-index.js'
import { ensurePrivateKey } from './private/ensure-private-key.js'

/** The keys of one domain. */
interface DomainKeys {
  /** By {@link keyId}. */
  readonly entries: ReadonlyMap<string, IndexEntry>
  /** Those of keys whose private half was there, and that the index tells of only now. */
  readonly found: ReadonlySet<string>
}

/**
 * Meets the requests of one domain and gives its keys. Each private key is on the disk before the index,
 * replaced once at the end, tells of it. `onKey` is called for every request that is met; when `signal` aborts, the rest
 * is left.
 */
export async function ensureKeys(
  files: KeyFiles,
  requests: readonly DkimKeyRequest[],
  { now, signal, onKey }: { readonly now: number; readonly signal: AbortSignal; readonly onKey: () => void },
): Promise<DomainKeys> {
  const found = new Set<string>()
  const before = byId(readIndex(files.index))
  if (requests.every((request) => isMet(before, request)) && !(await hasLeftovers(files))) {
    for (const _ of requests) onKey()
    return { entries: before, found }
  }
  const after = await changeKeys(files, signal, async (entries) => {
    const known = byId(entries)
    for (const request of requests) {
      if (signal.aborted) break
      if (!isMet(known, request)) {
        const { entry, found: isFound } = await makeKey(files, request, now)
        if (isFound) found.add(keyId(entry))
        known.set(keyId(entry), entry)
      }
      onKey()
    }
    return [...known.values()]
  })
  return { entries: byId(after), found }
}

/** A key with its private half on the disk, as the index is to have it: published from now on. */
export async function makeKey(
  files: KeyFiles,
  request: DkimKeyRequest,
  now: number,
): Promise<{ readonly entry: IndexEntry; readonly found: boolean }> {
  const { selector, turn, algorithm } = request
  const { found, ...held } = await ensurePrivateKey(files, request)
  return {
    entry: { selector, ...(turn && { turn }), algorithm, state: 'published', times: { published: now }, ...held },
    found,
  }
}

function byId(entries: readonly IndexEntry[]): Map<string, IndexEntry> {
  return new Map(entries.map((entry) => [keyId(entry), entry]))
}

function isMet(entries: ReadonlyMap<string, IndexEntry>, request: DkimKeyRequest): boolean {
  const { domain, selector, algorithm } = request
  const known = entries.get(keyId(request))
  if (known === undefined) return false
  const isOver = known.state === 'revoked' || known.state === 'gone'
  if (known.algorithm === algorithm && !isOver) return true
  const other = isOver ? `a ${known.state} key` : `an ${known.algorithm} key, not ${algorithm}`
  throw new MailsyncError('spec', `selector ${selector} of ${domain} is ${other}`, {
    hint: 'a selector keeps its key: give the new key a selector of its own',
  })
}

/** Whether a run that was killed has left a lock or a draft. */
async function hasLeftovers({ folder, lock }: KeyFiles): Promise<boolean> {
  const names = (await readdir(folder).catch(unlessAbsent)) ?? []
  return names.some((name) => draftOf(name) !== undefined || name.startsWith(basename(lock)))
}
