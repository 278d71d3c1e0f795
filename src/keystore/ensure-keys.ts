import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { draftOf } from '../../providers/files/draft.js'
import { unlessAbsent } from '../../providers/files/file-error.js'
import { withLock } from '../../providers/files/lock.js'
import { FILE_LIMITS, readRegularFile } from '../../providers/files/read-file.js'
import { makeFolder, removeDrafts, replaceFile } from '../../providers/files/write-file.js'
import { MailsyncError } from '../../records/error.js'
import type { DkimKeyRequest } from '../../records/families/dkim/dkim-key.js'
import { ensurePrivateKey } from './ensure-private-key.js'
import { assertNoLink } from './found-key.js'
import type { KeyFiles } from './key-files.js'
import { formatKeyIndex, INDEX_HINT, type IndexEntry, parseKeyIndex } from './key-index.js'

type Entries = Map<string, IndexEntry>

/** The keys of one domain. */
interface DomainKeys {
  /** By selector. */
  readonly entries: ReadonlyMap<string, IndexEntry>
  /** Selectors whose private key was there, and that the index tells of only now. */
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
  { today, signal, onKey }: { readonly today: string; readonly signal: AbortSignal; readonly onKey: () => void },
): Promise<DomainKeys> {
  const found = new Set<string>()
  const before = readIndex(files.index)
  if (requests.every((request) => isMet(before, request)) && !(await hasLeftovers(files))) {
    for (const _ of requests) onKey()
    return { entries: before, found }
  }
  makeFolder(files.folder)
  await assertNoLink(files.folder)
  return withLock(files.lock, { signal }, async ({ leftovers }) => {
    removeDrafts(files.folder, leftovers, (name) => !name.startsWith(basename(files.lock)))
    const entries = readIndex(files.index)
    const known = entries.size
    for (const request of requests) {
      if (signal.aborted) break
      const { selector, algorithm } = request
      if (!isMet(entries, request)) {
        const key = await ensurePrivateKey(files.privateKey(selector), algorithm)
        if (key.found) found.add(selector)
        entries.set(selector, { selector, algorithm, state: 'published', created: today, publicKey: key.publicKey })
      }
      onKey()
    }
    if (entries.size > known) await replaceFile(files.index, formatKeyIndex([...entries.values()]), 0o644)
    return { entries, found }
  })
}

function isMet(entries: Entries, { domain, selector, algorithm }: DkimKeyRequest): boolean {
  const known = entries.get(selector)
  if (known === undefined) return false
  if (known.algorithm === algorithm && known.state !== 'revoked') return true
  const other = known.state === 'revoked' ? 'a revoked key' : `an ${known.algorithm} key, not ${algorithm}`
  throw new MailsyncError('spec', `selector ${selector} of ${domain} is ${other}`, {
    hint: 'a selector keeps its key: give the new key a selector of its own',
  })
}

function readIndex(file: string): Entries {
  const text = indexText(file)
  if (text === undefined) return new Map()
  const parsed = parseKeyIndex(text)
  if ('error' in parsed)
    throw new MailsyncError('io', `${file} is malformed: ${parsed.error}`, { where: { file }, hint: INDEX_HINT })
  return new Map(parsed.entries.map((entry) => [entry.selector, entry]))
}

function indexText(file: string): string | undefined {
  try {
    return readRegularFile(file, FILE_LIMITS.keyIndex).toString()
  } catch (error) {
    return unlessAbsent(error)
  }
}

/** Whether a run that was killed has left a lock or a draft. */
async function hasLeftovers({ folder, lock }: KeyFiles): Promise<boolean> {
  const names = (await readdir(folder).catch(unlessAbsent)) ?? []
  return names.some((name) => draftOf(name) !== undefined || name.startsWith(basename(lock)))
}
