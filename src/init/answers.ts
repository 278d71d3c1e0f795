import type { Address } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import type { Mx } from '../../records/rr/rdata.js'
import type { Senders } from './told.js'

/** What a person wants of a domain, whole. `as-is`: as DNS has it. */
export interface Answers {
  readonly receives: 'as-is' | 'nothing' | readonly Mx[]
  readonly sends: 'as-is' | Senders
  /** The machine of one's own, where `receives` or `sends` means it. */
  readonly host?: { readonly name: Name; readonly addresses: readonly Address[] }
}

/** Whether it is said that nothing sends. */
export function isSilent(sends: Answers['sends']): boolean {
  return sends !== 'as-is' && !sends.here && sends.include.length + sends.relays.length === 0
}
