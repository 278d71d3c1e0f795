import type { WriteResult } from '../../providers/provider.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import type { Failure } from '../failure.js'
import type { PlannedChange, ZonePlan } from '../plan/plan.js'
import type { ZoneOutcome } from './result.js'
import type { Write } from './writes.js'

type Fate = 'applied' | 'uncertain' | 'byHand' | 'later'

const NOTHING: readonly PlannedChange[] = []

/** What is known of one zone while it is written. */
export class ZoneProgress {
  #fates = new Map<PlannedChange, Fate>()
  #outcome: ZoneOutcome | undefined
  failure: Failure | undefined
  waitsFor: ZoneOutcome['waitsFor']

  constructor(failure?: Failure) {
    this.failure = failure
  }

  fail(failure: Failure): void {
    this.failure ??= failure
  }

  wait({ zone, provider }: NonNullable<ZoneOutcome['waitsFor']>): void {
    this.waitsFor ??= { zone, provider }
  }

  /** Leaves changes to a later phase. */
  leave(changes: readonly PlannedChange[]): void {
    for (const change of changes) this.#note(change, 'later')
  }

  /** Nothing more is written here. */
  get isStopped(): boolean {
    return this.failure !== undefined || this.waitsFor !== undefined
  }

  /** A person has something to do here. */
  get isOpen(): boolean {
    return this.#outcome?.byHand !== undefined || [...this.#fates.values()].includes('byHand')
  }

  /** Notes what became of a write: a planned change is done once all that it takes is. */
  add({ completes }: Pick<Write, 'completes'>, { applied, uncertain = [], byHand = [] }: WriteResult): void {
    const [done, unknown, told] = [applied, uncertain, byHand].map((changes) => new Set(changes.map(keyOfChange)))
    for (const change of completes) {
      if (done?.has(keyOfChange(change))) this.#note(change, 'applied')
      else if (unknown?.has(keyOfChange(change))) this.#note(change, 'uncertain')
      else if (told?.has(keyOfChange(change))) this.#note(change, 'byHand')
    }
  }

  /** What became of the zone, once nothing more is written there; of the changes only that is kept. */
  close(plan: ZonePlan): ZoneOutcome {
    this.#outcome ??= this.#outcomeOf(plan)
    this.#fates = new Map()
    return this.#outcome
  }

  #note(change: PlannedChange, fate: Fate): void {
    if (this.#fates.get(change) !== 'applied') this.#fates.set(change, fate)
  }

  #outcomeOf({ zone, provider, changes, memory }: ZonePlan): ZoneOutcome {
    // A run has very many zones that took everything: theirs is the list of the plan.
    const of = (fate: Fate | undefined): readonly PlannedChange[] => {
      const found = changes.filter((change) => this.#fates.get(change) === fate)
      return found.length === changes.length ? changes : found.length === 0 ? NOTHING : found
    }
    const applied = of('applied')
    const isRemembered = memory !== undefined && applied.some(({ manifest }) => manifest)
    const later = of('later')
    return {
      zone,
      provider,
      applied,
      uncertain: of('uncertain'),
      ...(this.isOpen && { byHand: of('byHand') }),
      ...(later.length > 0 && { later }),
      pending: of(undefined),
      ...(this.failure === undefined ? {} : { failure: this.failure }),
      ...(this.waitsFor && { waitsFor: this.waitsFor }),
      ...(isRemembered && { memory }),
    }
  }
}

function keyOfChange(change: Change): string {
  return keyOf(subjectOf(change))
}
