import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { MailsyncError } from '../../records/error.js'
import type { DkimKeyRequest } from '../../records/families/dkim/dkim-key.js'
import { DRAFT } from './create-file.js'
import { ensurePrivateKey } from './ensure-private-key.js'
import type { KeyFiles } from './key-files.js'
import { formatKeyIndex, INDEX_HINT, type IndexEntry, parseKeyIndex } from './key-index.js'
import { withLock } from './with-lock.js'

type Entries = Map<string, IndexEntry>

/**
 * Meets the requests of one domain and gives its index, by selector. Each private key is on the disk before the index,
 * replaced once at the end, tells of it. `onKey` is called for every request that is met; when `signal` aborts, the rest
 * is left.
 */
export async function ensureKeys(
  files: KeyFiles,
  requests: readonly DkimKeyRequest[],
  { today, signal, onKey }: { readonly today: string; readonly signal: AbortSignal; readonly onKey: () => void },
): Promise<ReadonlyMap<string, IndexEntry>> {
  const before = await readIndex(files.index)
  if (requests.every((request) => isMet(before, request))) {
    for (const _ of requests) onKey()
    return before
  }
  await mkdir(files.folder, { recursive: true, mode: 0o755 })
  return withLock(files.lock, { signal }, async () => {
    await removeDrafts(files.folder)
    const entries = await readIndex(files.index)
    const known = entries.size
    for (const request of requests) {
      if (signal.aborted) break
      const { selector, algorithm } = request
      if (!isMet(entries, request)) {
        const publicKey = await ensurePrivateKey(files.privateKey(selector), algorithm)
        entries.set(selector, { selector, algorithm, state: 'published', created: today, publicKey })
      }
      onKey()
    }
    if (entries.size > known) await writeFileAtomic(files.index, formatKeyIndex([...entries.values()]), { mode: 0o644 })
    return entries
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

async function readIndex(file: string): Promise<Entries> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (text === undefined) return new Map()
  const parsed = parseKeyIndex(text)
  if ('error' in parsed)
    throw new MailsyncError('io', `${file} is malformed: ${parsed.error}`, { where: { file }, hint: INDEX_HINT })
  return new Map(parsed.entries.map((entry) => [entry.selector, entry]))
}

/** Only a run that was killed leaves the draft of a private key behind: whoever writes one holds the lock. */
async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(DRAFT) && name.endsWith('.pem'))
  await Promise.all(drafts.map((name) => unlink(join(folder, name))))
}
