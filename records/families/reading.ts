import { octetLength } from '../rr/octets.js'

/** What is wrong with a value, and where its RFC says so. */
export interface Fault {
  /** `RFC 7208 §4.6.1`. */
  readonly section: string
  readonly message: string
}

/** A value as receivers read it: what it means, and everything that is wrong with it. */
export interface Reading<Value> {
  /** Undefined where receivers take it for no record, or for one in permanent error. */
  readonly value: Value | undefined
  readonly faults: readonly Fault[]
}

/** A fault and where its RFC says so. */
export function faultText({ message, section }: Fault): string {
  return `${message} (${section})`
}

/** Faults that are told of one value: who has put these right sees the others. */
const TOLD = 5

/** What is wrong with a value, in one sentence. */
export function faultsText(faults: readonly Fault[]): string {
  const texts = [...new Set(faults.map(faultText))]
  const more = texts.length - TOLD
  return [...texts.slice(0, TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/** Octets the rdata of a TXT record may have (RFC 1035 §3.2.1). */
const LIMIT = 65_535

/** Reads a TXT value with `read`, unless it is longer than any record can be. */
export function readTxt<Value>(text: string, read: (text: string) => Reading<Value>): Reading<Value> {
  const isTooLong = text.length > LIMIT || octetLength(text) > LIMIT
  return isTooLong ? none([{ section: 'RFC 1035 §3.2.1', message: `it has more than ${LIMIT} octets` }]) : read(text)
}

/** A value that receivers do not take. */
export function none(faults: readonly Fault[]): Reading<never> {
  return { value: undefined, faults }
}

/**
 * Whether two values mean the same: they are identical, or both are read without a fault and come out equal.
 *
 * @param meaningOf a text that is equal exactly where the meaning is.
 */
export function sameReading<Value>(
  [a, b]: readonly [string, string],
  read: (text: string) => Reading<Value>,
  meaningOf: (value: Value) => string,
): boolean {
  if (a === b) return true
  const [one, other] = [read(a), read(b)]
  if (one.value === undefined || other.value === undefined) return false
  return one.faults.length + other.faults.length === 0 && meaningOf(one.value) === meaningOf(other.value)
}
