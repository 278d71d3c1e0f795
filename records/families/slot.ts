import { sha256 } from '@noble/hashes/sha2.js'
import { rdataText } from '../rr/rdata.js'
import type { RRset } from '../rr/rrset.js'
import { families } from './index.js'
import type { MailRecord, Purpose, Slot } from './mail-record.js'

/** Hexadecimal digits of a digest: enough for the few values that stand at one name. */
const DIGITS = 12
const DIGEST = /^[0-9a-f]{12}$/

/** Whether each value of a purpose is a slot of its own. */
export function isByValue(purpose: Purpose): boolean {
  return families[purpose].meaningOf !== undefined
}

/** Whether a purpose leaves room in its RRset for values of others. */
export function sharesRRset(purpose: Purpose): boolean {
  return families[purpose].isOwn !== undefined || isByValue(purpose)
}

/** The slot a record fills. */
export function slotOf({ rrset, purpose }: Omit<MailRecord, 'from'>): Slot {
  const [first] = rrset.rdata
  return slotWith(rrset, purpose, first === undefined || !isByValue(purpose) ? undefined : rdataText(rrset.type, first))
}

/**
 * The slot at an RRset.
 *
 * @param value one of its values, as `rdataText` gives it
 */
export function slotWith(
  { name, type }: Pick<RRset, 'name' | 'type'>,
  purpose: Purpose,
  value: string | undefined,
): Slot {
  const { meaningOf } = families[purpose]
  if (meaningOf === undefined || value === undefined) return { name, type, purpose }
  return { name, type, purpose, digest: digestOf(meaningOf(value)) }
}

/** The slot that memory names, with its digest if the purpose has one; undefined where it needs one and there is none, or the other way round. */
export function slotRead(slot: Omit<Slot, 'digest'>, digest: string | undefined): Slot | undefined {
  if (isByValue(slot.purpose)) return digest !== undefined && DIGEST.test(digest) ? { ...slot, digest } : undefined
  return digest === undefined ? slot : undefined
}

/** Whether a value at the slot's RRset is the slot's. */
export function isOf({ purpose, type, digest }: Slot, value: string): boolean {
  const { isOwn, meaningOf } = families[purpose]
  if (meaningOf !== undefined) return digestOf(meaningOf(value)) === digest
  return isOwn?.(value, type) ?? true
}

function digestOf(meaning: string): string {
  return Buffer.from(sha256(Buffer.from(meaning)))
    .toString('hex')
    .slice(0, DIGITS)
}
