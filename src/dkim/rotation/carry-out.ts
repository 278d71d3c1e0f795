import { createFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import { selectorOf } from '../../../records/families/dkim/dkim.js'
import { type DkimAlgorithm, isUsable, keyId, withSelectors } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { isAbout, type KeyMark, markOf, type Step } from '../../../records/families/dkim/rotation/step.js'
import { takeStep } from '../../../records/families/dkim/rotation/take-step.js'
import type { Name } from '../../../records/rr/name.js'
import { dayOf } from '../../instant.js'
import { changeKeys } from '../keystore/change-keys.js'
import { makeKey } from '../keystore/ensure-keys.js'
import { keepOutOfGit } from '../keystore/keep-out-of-git.js'
import { keyFiles } from '../keystore/key-files.js'
import { formatKeyIndex, type IndexEntry } from '../keystore/key-index.js'
import { readPrivateHalf } from '../keystore/private/private-half.js'
import type { Ring } from './rings.js'

/** A step that was taken. */
export interface TakenStep {
  readonly domain: Name
  readonly selector: string
  readonly turn?: number | undefined
  readonly algorithm: DkimAlgorithm
  readonly kind: Step['kind'] | 'compromise'
}

export interface Workshop {
  readonly keysDirectory: string
  /** Seconds since 1970. */
  readonly now: number
  readonly signal: AbortSignal
  /** With them private halves that age encrypts are opened. */
  readonly identities: readonly string[]
}

/**
 * Takes the steps of one domain: in its index and the files beside it, and not in DNS, which is made as the index says after it.
 *
 * The order is what makes a crash harmless, wherever it comes:
 *
 * 1. a new private half is on the disk;
 * 2. the index tells of it, and of all other steps, at once;
 * 3. DNS shows what the index says;
 * 4. every server is asked, and only what all of them show is entered as seen; a key signs after that.
 *
 * After 1 the key is taken up, or set aside where age encrypts it, and nobody has seen it. After 2 the next run, or `apply`, begins with
 * 3. A private half is revealed before the index says so: it is done again, with the same octets.
 *
 * Throws what the key store throws, and `stale` where somebody else has changed the index since it was read.
 */
export async function carryOut(
  { domain, dkim, held, keys, next }: Ring,
  { keysDirectory, now, signal, identities }: Workshop,
): Promise<readonly TakenStep[]> {
  const steps: Step[] = []
  for (const step of next.steps) if (await isPossible(step, keys, keysDirectory, identities)) steps.push(step)
  const taken: TakenStep[] = []
  if (steps.length === 0) return taken
  const files = keyFiles(keysDirectory, domain)
  await keepOutOfGit(keysDirectory)
  await changeKeys(files, signal, async (entries) => {
    if (formatKeyIndex(entries) !== formatKeyIndex(keys)) throw changedMeanwhile(files.index)
    let after: readonly IndexEntry[] = entries
    for (const step of steps) {
      if (step.kind !== 'create') {
        after = takeStep(after, step, now)
        taken.push({ domain, ...step })
        continue
      }
      const { algorithm } = step
      const mark = step.selector === undefined ? newSelector(algorithm, after) : { ...step, selector: step.selector }
      const request = { domain, algorithm, ...markOf(mark), recipients: dkim.recipients }
      const { entry } = await makeKey(files, request, now)
      after = [...after, entry]
      taken.push({ domain, kind: 'create', algorithm, ...markOf(entry) })
    }
    return after
  })
  return taken

  function newSelector(algorithm: DkimAlgorithm, after: readonly IndexEntry[]): KeyMark {
    const need = { domain, algorithm, selector: selectorOf(dkim, algorithm) }
    const used = [...after.map(({ selector }) => selector), ...held].map((selector) => ({ domain, selector }))
    const [found = need] = withSelectors([need], used, dayOf(now))
    return found
  }
}

function changedMeanwhile(file: string): MailsyncError {
  return new MailsyncError('stale', `${file} was changed while servers were asked about its keys`, {
    where: { file },
    hint: 'run it again',
  })
}

/** Looks at the private half that a step is about; a damaged one, or one of another key, is an error. One that is to be revealed is. */
async function isPossible(
  step: Step,
  keys: readonly RingKey[],
  directory: string,
  identities: readonly string[],
): Promise<boolean> {
  const key = step.kind === 'create' ? undefined : keys.find((one) => isAbout(step, one))
  if (!key || (step.kind !== 'sign' && step.kind !== 'reveal')) return true
  const pem = await readPrivateHalf(directory, key, identities)
  if (step.kind === 'sign') return true
  if (pem === undefined) return false
  await createFile(keyFiles(directory, key.domain).revealedKey(keyId(key)), pem, 0o644)
  return true
}

/** Notes that somebody else may have the private halves of a domain; not again while it still turns from such keys. */
export async function markCompromised(
  domain: Name,
  { keysDirectory, now, signal }: Workshop,
): Promise<readonly TakenStep[]> {
  const taken: TakenStep[] = []
  await changeKeys(keyFiles(keysDirectory, domain), signal, async (entries) => {
    const { keys, marked } = compromised(entries, now)
    taken.push(
      ...marked.map((key) => ({
        domain,
        ...markOf(key),
        algorithm: key.algorithm,
        kind: 'compromise' as const,
      })),
    )
    return keys
  })
  return taken
}

/** The keys of a domain once all that receivers can verify with are compromised. */
export function compromised<Key extends Pick<RingKey, 'state' | 'times'>>(
  keys: readonly Key[],
  now: number,
): { readonly keys: readonly Key[]; readonly marked: readonly Key[] } {
  const usable = keys.filter((key) => isUsable(key))
  if (usable.some(({ times }) => times.compromised !== undefined)) return { keys, marked: [] }
  const marked = usable.map((key) => ({ ...key, times: { ...key.times, compromised: now } }))
  return { keys: keys.map((key) => marked[usable.indexOf(key)] ?? key), marked }
}
