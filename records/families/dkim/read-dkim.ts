import { cut } from '../../cut.js'
import { type Fault, none, type Reading, readTxt, sameReading } from '../reading.js'
import { FWS, readTags, strip, type Tag } from '../tag-list.js'
import { rsaBits } from './rsa-bits.js'

/** A DKIM key record (RFC 6376 §3.6.1). */
export interface DkimRecord {
  readonly keyType: 'rsa' | 'ed25519'
  /** Base64 without white space; empty where the key is revoked. */
  readonly publicKey: string
  /** Of an RSA key. */
  readonly bits?: number
  /** Hash algorithms that may be used; absent: all. */
  readonly hashes?: readonly string[]
  /** `*`: every service. */
  readonly services: readonly string[]
  /** `y`: testing; `s`: strict identity. */
  readonly flags: readonly string[]
}

/** A key that makes no signature valid (RFC 6376 §3.6.1), at a wildcard that of any selector that is not there. */
export const NO_KEY = 'v=DKIM1; p='

const SECTION = 'RFC 6376 §3.6.1'
const SYNTAX = { blanks: FWS, section: 'RFC 6376 §3.2' }
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const RAW_ED25519 = 32
const WORD = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/

/** Whether a TXT value is meant as a DKIM key record: it says so, or it has a `p=` tag. */
export function isDkimValue(value: string): boolean {
  if (value.startsWith('v=DKIM1;')) return true
  const { tags } = readTags(value, SYNTAX)
  const [first] = tags
  return (first?.name === 'v' && first.value === 'DKIM1') || tags.some(({ name }) => name === 'p')
}

/** The `p=` of a key record, sound or not, without its white space; empty where the key is revoked, undefined where there is none. */
export function publishedKey(value: string): string | undefined {
  const key = keyTag(value)
  return key && withoutBlanks(key.value)
}

/** The first `p=` tag of a value, or of one tag of it. */
export function keyTag(value: string): Tag | undefined {
  return readTags(value, SYNTAX).tags.find(({ name }) => name === 'p')
}

/** Reads a DKIM key record (RFC 6376 §3.6.1, RFC 8463 §4.2). */
export function readDkim(text: string): Reading<DkimRecord> {
  return readTxt(text, readKey)
}

function readKey(text: string): Reading<DkimRecord> {
  const { tags, faults: syntax } = readTags(text, SYNTAX)
  const faults: Fault[] = [...syntax]
  const fault = (message: string, section = SECTION): number => faults.push({ section, message })
  const value = (name: string): string | undefined => tags.find((tag) => tag.name === name)?.value
  const version = tags.findIndex(({ name }) => name === 'v')
  if (version > 0) fault('v= is not the first tag')
  if (version >= 0 && value('v') !== 'DKIM1') fault(`v=${cut(value('v') ?? '')}: only DKIM1 can stand there`)
  const keyType = value('k') ?? 'rsa'
  if (keyType !== 'rsa' && keyType !== 'ed25519') fault(`k=${cut(keyType)}: receivers know rsa and ed25519`)
  const publicKey = publishedKey(text)
  if (publicKey === undefined) fault('there is no p=')
  const list = (name: string): string[] | undefined => {
    const words = value(name)
      ?.split(':')
      .map((word) => strip(word, FWS))
    for (const word of words ?? []) if (word !== '*' && !WORD.test(word)) fault(`${name}= has an empty or odd word`)
    return words
  }
  const [hashes, services, flags] = [list('h'), list('s'), value('t') === '' ? [] : list('t')]
  const size = publicKey === undefined ? 'revoked' : sizeOf(publicKey, keyType)
  if (typeof size === 'string' && size !== 'revoked') fault(size, keyType === 'ed25519' ? 'RFC 8463 §4.2' : SECTION)
  if (faults.length > 0 || publicKey === undefined) return none(faults)
  return {
    value: {
      keyType: keyType as DkimRecord['keyType'],
      publicKey,
      ...(typeof size === 'number' && keyType === 'rsa' ? { bits: size } : {}),
      ...(hashes === undefined ? {} : { hashes }),
      services: services ?? ['*'],
      flags: flags ?? [],
    },
    faults,
  }
}

/** Bits of a key, or why it is none. */
function sizeOf(publicKey: string, keyType: string): number | string {
  if (publicKey === '') return 'revoked'
  if (!BASE64.test(publicKey)) return 'p= is not base64'
  const octets = Buffer.from(publicKey, 'base64')
  if (keyType !== 'ed25519') return rsaBits(octets) ?? 'p= holds no RSA key'
  return octets.length === RAW_ED25519
    ? octets.length * 8
    : `p= has ${octets.length} octets; an Ed25519 key has ${RAW_ED25519}`
}

function withoutBlanks(text: string): string {
  return [...FWS].reduce((rest, blank) => rest.replaceAll(blank, ''), text)
}

/** Whether two records publish the same key under the same terms: the spelling, `v=` and notes mean nothing. */
export function sameDkim(a: string, b: string): boolean {
  return sameReading([a, b], readDkim, ({ keyType, publicKey, hashes, services, flags }) =>
    JSON.stringify([keyType, publicKey, sorted(hashes), sorted(services), sorted(flags)]),
  )
}

function sorted(words: readonly string[] | undefined): string[] | undefined {
  return words && [...new Set(words)].sort()
}
