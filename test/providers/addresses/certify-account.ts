import { describe } from 'vitest'
import { certify } from '../../conformance/certify.js'
import type { OwnerUnderTest } from './each-owner.js'

/** What the fake of an address owner can do, or why it need not. */
export const canOfOwners = {
  putForeign: 'there are only PTRs',
  putLocked: 'no address is locked',
  loseReply: true,
  cutRead: true,
  countWrites: true,
  check: 'an address owner has none',
} as const

/** Runs the conformance suite on an address owner. */
export function certifyAccount({ type, plugin, on, account, connect }: OwnerUnderTest): void {
  describe(type, () => {
    certify(
      { on, kind: 'stateful fake' },
      {
        plugin: { type, ...plugin },
        can: canOfOwners,
        open: async (_, seed) => {
          const fake = account()
          fake.edit(seed)
          return {
            provider: connect(),
            edit: async (rrsets) => fake.edit(rrsets),
            loseReply: () => fake.faultOn(fake.isWrite, 'cut-after'),
            cutRead: () => fake.faultOn((request) => !fake.isWrite(request), 'half-reply'),
            writes: () => fake.calls.filter(fake.isWrite).length,
            close: async () => fake.close(),
          }
        },
      },
    )
  })
}
