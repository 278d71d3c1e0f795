import { createHmac, type Hmac, timingSafeEqual } from 'node:crypto'
import type { Name } from '../../records/rr/name.js'
import { CLASS, encodeRecord, type Message, recordLength, TSIG, type WireRecord } from './message.js'
import { RCODE } from './rcode.js'
import { digestOf, macLength, type TsigKey } from './tsig-key.js'
import { encodeName, nameOf, readName } from './wire-name.js'

/** Seconds that the clocks of client and server may differ (RFC 8945 §10). */
export const FUDGE = 300

/** Error codes of a TSIG record (RFC 8945 §3). */
export const TSIG_ERROR = { BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const

const UNSIGNED_ERRORS: readonly number[] = [TSIG_ERROR.BADKEY, TSIG_ERROR.BADSIG]

/** The TSIG record of a message. */
export interface Tsig {
  readonly keyName: Name
  readonly algorithm: string
  /** Seconds since 1970. */
  readonly timeSigned: number
  readonly fudge: number
  readonly mac: Buffer
  readonly originalId: number
  readonly error: number
  /** With BADTIME, the server's clock as 48 bits. */
  readonly other: Buffer
  /** Offset of the record in the message. */
  readonly start: number
}

interface Stamp {
  readonly timeSigned: number
  readonly fudge: number
  readonly error: number
  readonly other: Buffer
}

export interface SignedRequest {
  readonly octets: Buffer
  readonly mac: Buffer
}

/** The message with a TSIG record at its end (RFC 8945 §5.1). `now` is in seconds since 1970. */
export function sign(message: Buffer, key: TsigKey, now: number): SignedRequest {
  const stamp = { timeSigned: now, fudge: FUDGE, error: 0, other: Buffer.alloc(0) }
  const mac = createHmac(digestOf(key.algorithm), key.secret).update(message).update(variables(key, stamp)).digest()
  const octets = Buffer.concat([message, encodeRecord(tsigRecord(key, mac, message.readUInt16BE(0), stamp))])
  octets.writeUInt16BE(message.readUInt16BE(10) + 1, 10)
  return { octets, mac }
}

/** Octets that {@link sign} adds. */
export function tsigLength(key: TsigKey): number {
  const mac = Buffer.alloc(macLength(key.algorithm))
  return recordLength(tsigRecord(key, mac, 0, { timeSigned: 0, fudge: 0, error: 0, other: Buffer.alloc(0) }))
}

function tsigRecord(key: TsigKey, mac: Buffer, id: number, stamp: Stamp) {
  const rdata = Buffer.concat([
    namesOf(key).algorithm,
    timers(stamp),
    uint16(mac.length),
    mac,
    uint16(id),
    uint16(stamp.error),
    uint16(stamp.other.length),
    stamp.other,
  ])
  return { owner: namesOf(key).key, type: TSIG, class: CLASS.ANY, ttl: 0, rdata }
}

/** The TSIG record of a message, if its last record is one. */
export function tsigOf(message: Message): Tsig | undefined {
  const record = message.additional.at(-1)
  return record?.type === TSIG ? readTsig(record) : undefined
}

function readTsig({ message, name, start, offset }: WireRecord): Tsig {
  const { labels, next } = readName(message, offset)
  const mac = next + 10
  const id = mac + message.readUInt16BE(next + 8)
  const other = id + 6
  return {
    keyName: name,
    algorithm: nameOf(labels).slice(0, -1),
    timeSigned: message.readUIntBE(next, 6),
    fudge: message.readUInt16BE(next + 6),
    mac: message.subarray(mac, id),
    originalId: message.readUInt16BE(id),
    error: message.readUInt16BE(id + 2),
    other: message.subarray(other, other + message.readUInt16BE(id + 4)),
    start,
  }
}

/** Checks the signatures of the answers to one request, in the order they arrive (RFC 8945 §5.3 and §5.3.1). */
export interface ReplyVerifier {
  /**
   * The TSIG record of the message if it is signed and the signature is right; undefined if it is not signed.
   * A server that does not know the key cannot sign, so BADKEY and BADSIG come back unverified, with the code NOTAUTH and
   * with no other. Throws {@link WrongSignature}.
   */
  accept(message: Message): Tsig | undefined
}

/** Why a signature is not believed. */
export class WrongSignature extends Error {
  override readonly name = 'WrongSignature'
}

/** `requestMac` is the MAC of the request; `clock` gives seconds since 1970. */
export function replyVerifier(key: TsigKey, requestMac: Buffer, clock: () => number): ReplyVerifier {
  const begin = (mac: Buffer) => createHmac(digestOf(key.algorithm), key.secret).update(uint16(mac.length)).update(mac)
  let before = requestMac
  // Of a transfer that one message holds, as most do, the next one is never begun.
  let hmac: Hmac | undefined
  let isFirst = true
  return {
    accept: (message) => {
      const tsig = tsigOf(message)
      hmac ??= begin(before)
      if (!tsig) {
        hmac.update(message.octets)
        return undefined
      }
      if (tsig.mac.length === 0 && message.rcode === RCODE.NOTAUTH && UNSIGNED_ERRORS.includes(tsig.error)) return tsig
      if (tsig.keyName !== key.name || tsig.algorithm !== key.algorithm)
        throw new WrongSignature('it is signed with another key')
      hmac.update(unsigned(message, tsig)).update(isFirst ? variables(key, tsig) : timers(tsig))
      const expected = hmac.digest()
      if (tsig.mac.length !== expected.length || !timingSafeEqual(tsig.mac, expected))
        throw new WrongSignature('its signature is wrong')
      const age = clock() - tsig.timeSigned
      if (tsig.error !== TSIG_ERROR.BADTIME && Math.abs(age) > tsig.fudge)
        throw new WrongSignature(`it was signed ${Math.abs(age)} seconds ${age > 0 ? 'ago' : 'in the future'}`)
      before = tsig.mac
      hmac = undefined
      isFirst = false
      return tsig
    },
  }
}

/** The message as it was before it was signed. */
function unsigned(message: Message, tsig: Tsig): Buffer {
  const octets = Buffer.from(message.octets.subarray(0, tsig.start))
  octets.writeUInt16BE(tsig.originalId, 0)
  octets.writeUInt16BE(octets.readUInt16BE(10) - 1, 10)
  return octets
}

function variables(key: TsigKey, stamp: Stamp): Buffer {
  return Buffer.concat([namesOf(key).head, timers(stamp), uint16(stamp.error), uint16(stamp.other.length), stamp.other])
}

interface KeyNames {
  readonly key: Buffer
  readonly algorithm: Buffer
  /** What {@link variables} begin with. */
  readonly head: Buffer
}

const known = new WeakMap<TsigKey, KeyNames>()

/** The names of a key on the wire, the same in every message. */
function namesOf(key: TsigKey): KeyNames {
  const found = known.get(key)
  if (found) return found
  const [name, algorithm] = [encodeName(key.name), encodeName(`${key.algorithm}.` as Name)]
  const names = { key: name, algorithm, head: Buffer.concat([name, uint16(CLASS.ANY), Buffer.alloc(4), algorithm]) }
  known.set(key, names)
  return names
}

function timers({ timeSigned, fudge }: Pick<Stamp, 'timeSigned' | 'fudge'>): Buffer {
  const octets = Buffer.alloc(8)
  octets.writeUIntBE(timeSigned, 0, 6)
  octets.writeUInt16BE(fudge, 6)
  return octets
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 255)
}
