import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { fileError } from '../../../providers/files/file-error.js'
import { MailsyncError } from '../../../records/error.js'
import { type DkimKeyRequest, keyId } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { groupBy } from '../../../records/group.js'
import { ensureKeys } from './ensure-keys.js'
import { keepOutOfGit } from './keep-out-of-git.js'
import { keyFiles } from './key-files.js'

// Node's thread pool takes four jobs at once, whatever the machine.
const PARALLEL = Math.min(availableParallelism(), 4)

/** A key that was requested. */
interface GeneratedKey extends RingKey {
  /** Its private key was there already and is only entered in the index now: this run did not make it. */
  readonly found?: true
}

/**
 * Makes the keys that are not there yet, in state `published`, and gives all that were requested, in that order. A key
 * that is there is never replaced, and one whose private key alone is there (a run was killed) is entered in the index; so
 * the same call again finishes what a crash, an error or a stop left. Several processes may do this at once.
 *
 * Throws {@link MailsyncError} `spec` for a name that cannot be a file, an RSA key that is too short, a recipient that age does not know, or a selector that has a
 * key of another algorithm or a revoked one; `io` for what the disk refused or a malformed file; `guard` for
 * a private key that was found and may be somebody else's; `cancelled` when `signal` stopped it.
 */
export async function generateKeys(
  directory: string,
  requests: readonly DkimKeyRequest[],
  {
    now,
    signal,
    onProgress,
  }: {
    /** Seconds since 1970: when they are made, as the index has it. */
    readonly now: number
    readonly signal: AbortSignal
    readonly onProgress?: (done: number, total: number) => void
  },
): Promise<GeneratedKey[]> {
  const byDomain = groupBy(requests, ({ domain }) => domain)
  if (byDomain.size === 0) return []
  for (const request of requests) keyFiles(directory, request.domain).privateKey(keyId(request))
  await keepOutOfGit(directory)

  const made = new Map<DkimKeyRequest, GeneratedKey>()
  let done = 0
  let failure: unknown
  await pLimit(PARALLEL).map(byDomain, async ([domain, wanted]) => {
    if (signal.aborted || failure !== undefined) return
    const files = keyFiles(directory, domain)
    try {
      const { entries, found } = await ensureKeys(files, wanted, {
        now,
        signal,
        onKey: () => onProgress?.(++done, requests.length),
      })
      for (const request of wanted) {
        const entry = entries.get(keyId(request))
        if (entry !== undefined)
          made.set(request, { domain, ...entry, ...(found.has(keyId(entry)) ? { found: true } : {}) })
      }
    } catch (error) {
      failure ??= fileError(error, files.folder)
    }
  })
  if (signal.aborted && made.size < requests.length) throw cancelled(made.size, requests.length, failure)
  if (failure !== undefined) throw failure
  return requests.flatMap((request) => made.get(request) ?? [])
}

function cancelled(done: number, total: number, cause: unknown): MailsyncError {
  return new MailsyncError('cancelled', `stopped: ${done} of ${total} DKIM keys are in place`, {
    hint: 'nothing is lost: run it again for the rest',
    cause,
  })
}
