import fc from 'fast-check'
import { plugin } from '../../providers/memory.js'
import type { Provider, WriteResult } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { Change } from '../../records/rr/rrset.js'
import { TARGETS } from './arbitrary-spec.js'

/** What goes wrong, by `provider zone`. */
export interface Faults {
  /** Cannot be read. */
  readonly unread: readonly string[]
  /** Dies after so many changes; with `lost`, the last one was made and its reply was lost. */
  readonly dying: readonly { readonly place: string; readonly after: number; readonly lost: boolean }[]
}

export const NO_FAULTS: Faults = { unread: [], dying: [] }

const places = Object.entries(TARGETS).flatMap(([zone, targets]) => targets.map((provider) => `${provider} ${zone}`))

export const faults: fc.Arbitrary<Faults> = fc.record({
  unread: fc.subarray(places, { maxLength: 2 }),
  dying: fc.array(fc.record({ place: fc.constantFrom(...places), after: fc.nat(5), lost: fc.boolean() }), {
    maxLength: 3,
  }),
})

const broken = new MailsyncError('unavailable', 'the provider died')

/** What the adapter of a {@link Stepwise} provider says of itself. */
export const STEPWISE = { traits: { ...plugin.traits, write: 'per-rrset' } } as const

/** A provider that writes one change after another, each of which is seen at once, and fails as it is told. */
export class Stepwise implements Provider {
  readonly zones: Provider['zones']
  readonly #inner: Provider
  readonly #name: string
  readonly #world: { readonly faults: Faults; onChange?: () => void }

  constructor(inner: Provider, name: string, world: { readonly faults: Faults; onChange?: () => void }) {
    this.#inner = inner
    this.#name = name
    this.#world = world
    this.zones = inner.zones
  }

  async read(...args: Parameters<Provider['read']>): ReturnType<Provider['read']> {
    if (this.#world.faults.unread.includes(`${this.#name} ${args[0]}`)) throw broken
    return this.#inner.read(...args)
  }

  async write(...[zone, changes, signal]: Parameters<Provider['write']>): Promise<WriteResult> {
    const fault = this.#world.faults.dying.find(({ place }) => place === `${this.#name} ${zone}`)
    const applied: Change[] = []
    for (const change of changes) {
      await new Promise((resolve) => setImmediate(resolve))
      const dies = fault !== undefined && applied.length >= fault.after
      if (dies && !fault.lost) return { applied, failure: broken }
      const { failure } = await this.#inner.write(zone, [change], signal)
      if (failure) return { applied, failure }
      this.#world.onChange?.()
      if (dies) return { applied, uncertain: [change], failure: broken }
      applied.push(change)
    }
    return { applied }
  }
}
