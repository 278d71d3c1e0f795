import { families } from './index.js'
import type { Slot } from './mail-record.js'

/**
 * The slots that a family may have filled instead of this one, and that cannot stand beside it: a CNAME stands alone
 * (RFC 1034 §3.6.2).
 */
export function rivalsOf({ name, type, purpose }: Slot): Slot[] {
  return families[purpose].types
    .filter((other) => other !== type && (other === 'CNAME' || type === 'CNAME'))
    .map((other) => ({ name, type: other, purpose }))
}
