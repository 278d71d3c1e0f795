import { MailsyncError } from '../../../records/error.js'
import { type DkimAlgorithm, keyId, nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import type { Session } from '../../session.js'
import type { KeyFinding } from '../keystore/key-finding.js'
import { privateFileOf, readPrivateHalf } from '../keystore/private/private-half.js'
import { signersOf } from '../rotation/signers.js'

/** A private key that a signer is to have. */
export interface HandedKey {
  /** What names its files: the owner name of its record without the last dot, as no other key has it. */
  readonly id: string
  readonly algorithm: DkimAlgorithm
  /** PEM of PKCS#8. */
  readonly pem: string
}

/** A key under the selector that signatures have. */
export interface Signer {
  readonly selector: string
  readonly key: HandedKey
}

/** What signs for one domain. */
export interface HandedDomain {
  /** As `d=` of its signatures has it. */
  readonly name: string
  /** Those that sign now. */
  readonly signers: readonly Signer[]
  /** Those that did: a signer that has not read its tables again still signs with them. */
  readonly retiring: readonly Signer[]
}

/** What a signer is to know. */
export interface HandOver {
  readonly domains: readonly HandedDomain[]
  /** Those that sign, and those that retire, each once. */
  readonly keys: readonly HandedKey[]
  /** Those that are revoked or gone, by what names their files: no signer is to have them any more. */
  readonly over: readonly RingKey[]
}

/**
 * The keys of some domains with their private halves. A private half that is not to be had is an error in `findings` where its
 * key signs; where it only retires, it is left out.
 */
export async function handOver(
  session: Session,
  only: readonly Name[],
  identities: readonly string[],
): Promise<{ readonly handed: HandOver; readonly findings: readonly KeyFinding[] }> {
  const findings: KeyFinding[] = []
  const read = new Map<string, HandedKey | undefined>()
  const inState = (state: RingKey['state']) => [...signersOf(session, state)].filter(([name]) => isChosen(name))
  const isChosen = (name: Name): boolean => only.length === 0 || only.includes(name)
  const domains = new Map<Name, HandedDomain>()
  for (const state of ['signing', 'retiring'] as const)
    for (const [domain, own] of inState(state)) {
      const found: Signer[] = []
      for (const { selector, key } of own) {
        if (!read.has(idOf(key))) read.set(idOf(key), await handedKey(session.keysDirectory, key, identities, findings))
        const handed = read.get(idOf(key))
        if (handed !== undefined) found.push({ selector, key: handed })
      }
      found.sort((a, b) => byText(a.selector, b.selector))
      const before = domains.get(domain) ?? { name: withoutDot(domain), signers: [], retiring: [] }
      domains.set(domain, state === 'signing' ? { ...before, signers: found } : { ...before, retiring: found })
    }
  const over = (['revoked', 'gone'] as const).flatMap((state) => inState(state).flatMap(([, own]) => own))
  return {
    handed: {
      domains: [...domains.values()].sort((a, b) => byText(a.name, b.name)),
      keys: [...read.values()].filter((key) => key !== undefined).sort((a, b) => byText(a.id, b.id)),
      over: [...new Set(over.map(({ key }) => key))],
    },
    findings,
  }
}

/** What names the files of a key: a fixed selector that had one before has its number too, `r1.2._domainkey.example.net`. */
export function idOf(key: RingKey): string {
  return withoutDot(nameOfKey({ ...key, selector: keyId(key) }))
}

async function handedKey(
  directory: string,
  key: RingKey,
  identities: readonly string[],
  findings: KeyFinding[],
): Promise<HandedKey | undefined> {
  const place = privateFileOf(directory, key)
  if (place === undefined) return undefined
  try {
    const pem = await readPrivateHalf(directory, key, identities)
    if (pem !== undefined) return { id: idOf(key), algorithm: key.algorithm, pem }
  } catch (error) {
    findings.push(unreadable(error, place.file))
    return undefined
  }
  if (key.state === 'signing')
    findings.push({
      rule: 'dkim-key-missing',
      severity: 'error',
      file: place.file,
      message: place.isHere
        ? 'the private key signs, and is encrypted by age'
        : 'the private key signs, and is not here',
      hint: place.isHere
        ? 'name the file with an identity that opens it: --identity FILE'
        : 'bring it here from where it was made, or turn to a new key: mailsync dkim rotate --now DOMAIN',
    })
  return undefined
}

function unreadable(error: unknown, file: string): KeyFinding {
  if (error instanceof MailsyncError)
    return { rule: 'dkim-key-mismatch', severity: 'error', file, message: error.message, hint: error.hint ?? '' }
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'EACCES' && code !== 'EPERM') throw error
  return {
    rule: 'dkim-key-missing',
    severity: 'error',
    file,
    message: 'the private key is not open to this user',
    hint: 'run it as the owner of the keys, or as root',
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
