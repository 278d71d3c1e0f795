import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { fileError } from '../../providers/files/file-error.js'
import { createFile, makeFolder } from '../../providers/files/write-file.js'
import { MailsyncError } from '../../records/error.js'
import type { DkimKeyRequest } from '../../records/families/dkim/dkim-key.js'
import { groupBy } from '../../records/group.js'
import { ensureKeys } from './ensure-keys.js'
import { keyFiles } from './key-files.js'
import type { StoredKey } from './stored-key.js'

/** What git must not see: private keys, and what a killed run may leave behind. */
const IGNORED = '*.pem\n.lock*\n.new-*\n'
// Node's thread pool takes four jobs at once, whatever the machine.
const PARALLEL = Math.min(availableParallelism(), 4)

/** A key that was requested. */
interface GeneratedKey extends StoredKey {
  /** Its private key was there already and is only entered in the index now: this run did not make it. */
  readonly found?: true
}

/**
 * Makes the keys that are not there yet, in state `published`, and gives all that were requested, in that order. A key
 * that is there is never replaced, and one whose private key alone is there (a run was killed) is entered in the index; so
 * the same call again finishes what a crash, an error or a stop left. Several processes may do this at once.
 *
 * Throws {@link MailsyncError} `spec` for a name that cannot be a file, an RSA key of 1024 bits, or a selector that has a
 * key of another algorithm or a revoked one; `io` for what the disk refused or a malformed file; `guard` for
 * a private key that was found and may be somebody else's; `cancelled` when `signal` stopped it.
 */
export async function generateKeys(
  directory: string,
  requests: readonly DkimKeyRequest[],
  {
    today,
    signal,
    onProgress,
  }: {
    /** `YYYY-MM-DD`: the day of creation in the index. */
    readonly today: string
    readonly signal: AbortSignal
    readonly onProgress?: (done: number, total: number) => void
  },
): Promise<GeneratedKey[]> {
  const byDomain = groupBy(requests, ({ domain }) => domain)
  if (byDomain.size === 0) return []
  for (const { domain, selector } of requests) keyFiles(directory, domain).privateKey(selector)
  await prepare(directory)

  const made = new Map<DkimKeyRequest, GeneratedKey>()
  let done = 0
  let failure: unknown
  await pLimit(PARALLEL).map(byDomain, async ([domain, wanted]) => {
    if (signal.aborted || failure !== undefined) return
    const files = keyFiles(directory, domain)
    try {
      const { entries, found } = await ensureKeys(files, wanted, {
        today,
        signal,
        onKey: () => onProgress?.(++done, requests.length),
      })
      for (const request of wanted) {
        const entry = entries.get(request.selector)
        if (entry !== undefined)
          made.set(request, { domain, ...entry, ...(found.has(entry.selector) ? { found: true } : {}) })
      }
    } catch (error) {
      failure ??= fileError(error, files.folder)
    }
  })
  if (signal.aborted && made.size < requests.length) throw cancelled(made.size, requests.length, failure)
  if (failure !== undefined) throw failure
  return requests.flatMap((request) => made.get(request) ?? [])
}

async function prepare(directory: string): Promise<void> {
  const ignore = join(directory, '.gitignore')
  if (existsSync(ignore)) return
  try {
    makeFolder(directory)
    await createFile(ignore, IGNORED, 0o644)
  } catch (error) {
    throw fileError(error, directory)
  }
}

function cancelled(done: number, total: number, cause: unknown): MailsyncError {
  return new MailsyncError('cancelled', `stopped: ${done} of ${total} DKIM keys are in place`, {
    hint: 'nothing is lost: run it again for the rest',
    cause,
  })
}
