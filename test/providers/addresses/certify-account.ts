import { describe } from 'vitest'
import type { AddressOwnerPlugin, Provider, ProviderPlugin } from '../../../providers/provider.js'
import { certify } from '../../conformance/certify.js'
import type { FakeAccount } from '../../fakes/addresses/fake-account.js'

/** An address owner on a fake of its API. */
export interface AccountSubject {
  readonly type: string
  readonly plugin: AddressOwnerPlugin<never> | ProviderPlugin<never>
  /** What the certificate says it ran on. */
  readonly on: string
  readonly account: () => FakeAccount
  readonly connect: () => Provider | Promise<Provider>
}

/** Runs the conformance suite on an address owner. */
export function certifyAccount({ type, plugin, on, account, connect }: AccountSubject): void {
  describe(type, () => {
    certify(
      { on, kind: 'stateful fake' },
      {
        plugin: { type, ...plugin },
        can: {
          putForeign: 'there are only PTRs',
          putLocked: 'no address is locked',
          loseReply: true,
          cutRead: true,
          countWrites: true,
          check: 'an address owner has none',
        },
        open: async (_, seed) => {
          const fake = account()
          fake.edit(seed)
          return {
            provider: await connect(),
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
