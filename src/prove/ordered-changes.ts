import { afterOf, beforeOf, type Change, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { isAtomicAt } from '../apply/apply-plan.js'
import type { Stage } from '../apply/order.js'
import { writesOf } from '../apply/writes.js'
import type { Connected } from '../connect/connect.js'
import type { Plan } from '../plan/plan.js'

/** When something is written. */
interface Turn {
  readonly zone: string
  readonly provider: string
  readonly stage: number
  /** Changes of one zone that are written at once have the same. */
  readonly turn: number
  /** Other providers of the zone are written too, side by side: receivers may ask any of them. */
  readonly isScattered?: true
}

/** A change of a plan, and when it is written. */
export interface OrderedChange extends Turn {
  readonly change: Change
  /** Of the RRset, as `keyOf` has it. */
  readonly key: string
}

/**
 * How the answer for a name and a type changes, and when: by a change of its RRset, or of what decides whether a wildcard
 * answers.
 */
export interface AnswerChange extends Turn {
  /** As `keyOf` has it. */
  readonly key: string
  /** Undefined where nothing is answered. */
  readonly before: RRset | undefined
  readonly after: RRset | undefined
  /** What is answered after some of the writes, where it is neither; the first is first. */
  readonly between: readonly (Turn & { readonly answer: RRset | undefined })[]
}

/** A change of an RRset that no wildcard has to do with. */
export function answerChangeOf({ change, ...rest }: OrderedChange): AnswerChange {
  return { ...rest, before: beforeOf(change), after: afterOf(change), between: [] }
}

const STAGES: readonly Stage[] = ['make', 'rely', 'break']

/** The changes of a plan in the order in which `apply` writes them. */
export function orderedChanges(plan: Plan, providers: ReadonlyMap<string, Connected>): OrderedChange[] {
  const isAtomic = isAtomicAt(providers)
  return writesOf(plan.zones, plan.failures, plan.owner, isAtomic).flatMap(({ plan: at, changes, stage }, write) => {
    const isWhole = isAtomic(at, changes)
    return changes.map((change, index): OrderedChange => {
      const turn = write + (isWhole ? 0 : index / changes.length)
      const { zone, provider } = at
      return { change, key: keyOf(subjectOf(change)), zone, provider, stage: STAGES.indexOf(stage), turn }
    })
  })
}

/** Whether a change is written before another begins, or in one with it. */
export function isBy(change: Turn, other: Turn): boolean {
  if (change.stage !== other.stage) return change.stage < other.stage
  if (change.isScattered || other.isScattered) return false
  return change.zone === other.zone && change.provider === other.provider && change.turn <= other.turn
}
