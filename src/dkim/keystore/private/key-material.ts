import { createPrivateKey } from 'node:crypto'
import { FILE_LIMITS, readRegularFile } from '../../../../providers/files/read-file.js'
import { MailsyncError } from '../../../../records/error.js'
import { unseal } from './age.js'

/** What files that were made elsewhere hold of a key. */
export interface KeyMaterial {
  /** PEM of PKCS#8, and the file it is from. */
  readonly pem?: { readonly text: string; readonly file: string; readonly isSealed: boolean }
  /** The value of its record, and its selector where that is said. */
  readonly record?: { readonly value: string; readonly selector?: string; readonly file: string }
}

const PEM = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[A-Za-z0-9+/=\s]*-----END \1PRIVATE KEY-----/
const SEALED = '-----BEGIN AGE ENCRYPTED FILE-----'
const UNDER = '._domainkey'
/** The DER of PKCS#8 around the seed of an Ed25519 key (RFC 8410 §7). */
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const SEED_OCTETS = 32

/**
 * Reads what opendkim-genkey (`mail.private`, `mail.txt`) and rspamadm (PEM, or for Ed25519 base64) write, PEM of PKCS#1 and PKCS#8, a file
 * that age encrypted, and a record alone.
 *
 * Throws {@link MailsyncError} `io`, which quotes nothing of a file, for one that holds none of these, and for two of a kind.
 */
export async function readKeyMaterial(files: readonly string[], identities: readonly string[]): Promise<KeyMaterial> {
  let found: KeyMaterial = {}
  for (const file of files) {
    const text = readRegularFile(file, FILE_LIMITS.privateKey).toString()
    const isSealed = text.includes(SEALED)
    if (isSealed && identities.length === 0)
      throw fault(file, 'is encrypted by age', 'name the file with an identity that opens it: --identity FILE')
    const plain = isSealed ? await unseal(text, identities, file) : text
    const pem = pemIn(plain, file)
    const record = recordIn(plain)
    if (pem === undefined && record === undefined)
      throw fault(file, 'holds neither a private key nor a DKIM record', 'name the files that the key was made with')
    if ((pem && found.pem) || (record && found.record))
      throw fault(file, 'holds what another file holds already', 'name one private key, and its record')
    found = {
      ...found,
      ...(pem !== undefined && { pem: { text: pem, file, isSealed } }),
      ...(record && { record: { ...record, file } }),
    }
  }
  return found
}

function pemIn(text: string, file: string): string | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----/.test(text))
    throw fault(file, 'has a passphrase', 'take it off with `openssl pkey`, or let age encrypt the key')
  const [block] = PEM.exec(text) ?? []
  const seed = block === undefined ? seedIn(text) : undefined
  if (block === undefined && seed === undefined) return undefined
  try {
    const key = seed
      ? createPrivateKey({ key: Buffer.concat([ED25519_HEAD, seed]), format: 'der', type: 'pkcs8' })
      : createPrivateKey(block as string)
    return key.export({ type: 'pkcs8', format: 'pem' }).toString()
  } catch {
    throw fault(file, 'is damaged: it says it is a private key and cannot be read as one', 'copy it again')
  }
}

/** Base64 of the seed, or of the seed and the public half, which is how rspamd keeps an Ed25519 key. */
function seedIn(text: string): Buffer | undefined {
  const word = text.trim()
  if (!/^[A-Za-z0-9+/]{43,86}={0,2}$/.test(word)) return undefined
  const octets = Buffer.from(word, 'base64')
  return octets.length === SEED_OCTETS || octets.length === 2 * SEED_OCTETS
    ? octets.subarray(0, SEED_OCTETS)
    : undefined
}

/** The record of a zone file, its strings joined, or a line that is its value. */
function recordIn(text: string): { readonly value: string; readonly selector?: string } | undefined {
  const under = text.indexOf(UNDER)
  if (under < 0) {
    const line = text.split('\n').find((one) => one.trim().startsWith('v=DKIM1'))
    return line === undefined ? undefined : { value: line.trim() }
  }
  const [selector = ''] = /[^\s"]*$/.exec(text.slice(0, under)) ?? []
  const strings = [...text.slice(under).matchAll(/"([^"]*)"/g)].map(([, string = '']) => string)
  return strings.length === 0 ? undefined : { value: strings.join(''), selector: selector.toLowerCase() }
}

function fault(file: string, what: string, hint: string): MailsyncError {
  return new MailsyncError('io', `${file} ${what}`, { where: { file }, hint })
}
