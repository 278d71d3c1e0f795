import type { RRset } from '../../records/rr/rrset.js'
import type { Traits } from '../provider.js'

/** Seconds of a PTR whose TTL is the provider's own, and is not told. */
export const PTR_TTL = 0

/** What all address owners are like. */
export const addressTraits = {
  serves: 'addresses',
  types: ['PTR'],
  read: 'places',
  write: 'per-rrset',
  memory: 'beside-the-spec',
  compareAndSwap: false,
  ttl: { min: PTR_TTL, max: PTR_TTL },
} as const satisfies Traits

/** What their users should know. */
export const addressLimits = [
  'An address has one PTR, and each is written on its own; it is looked at right before. Its TTL is the provider’s own.',
  'What mailsync owns is remembered in owned/<provider>/arpa.yaml beside the spec: commit it.',
] as const

/** Why an address owner cannot hold an RRset. */
export function rejectsAtAddress({ rdata }: RRset): string | undefined {
  return rdata.length === 1 ? undefined : 'an address has one name'
}
