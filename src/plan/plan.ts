import type { Purpose } from '../../records/families/mail-record.js'
import type { RRset } from '../../records/rr/rrset.js'
import type { Position } from '../../yaml/source-texts.js'
import type { Failure } from '../failure.js'
import type { Problem } from '../problem.js'

/**
 * A plan is data: what `plan --out` saves, `--format json` prints, renderers read and `apply` carries out. Its form is
 * versioned; plan.schema.json describes it.
 */
export interface Plan {
  readonly format: 'mailsync-plan'
  readonly version: 1
  /** The spec file, as it was named. */
  readonly spec: string
  readonly owner: string | false
  /** Zones with changes, in the order of their names, then of their providers. */
  readonly zones: readonly ZonePlan[]
  /** Zones that were read and need nothing. */
  readonly unchanged: number
  /** Zones that could not be read or planned; nothing is written there. */
  readonly failures: readonly ZoneFailure[]
  /** DKIM keys that `apply` generates first. While there are any, the plan is not complete. */
  readonly keys: readonly PlannedKey[]
  readonly manual: readonly PlannedManualStep[]
  readonly problems: readonly Problem[]
}

export interface ZonePlan {
  readonly zone: string
  readonly provider: string
  readonly changes: readonly PlannedChange[]
  /** In how many separate writes the provider takes the changes; more than one is not atomic. */
  readonly writes: number
  /** Slots this owner had in the zone before. */
  readonly owned: number
  /** Slots that are deleted. */
  readonly removed: number
  /** Slots that already are as the spec wants and become ours. */
  readonly claimed: number
}

/** The change of one RRset. A create has no `before`, a delete no `after`. */
export interface PlannedChange {
  readonly kind: 'create' | 'update' | 'delete'
  readonly before?: RRset
  readonly after?: RRset
  /** What each purpose contributes; empty for the manifest. */
  readonly edits: readonly PlannedEdit[]
  /** Strangers' values in the RRset, which stay. */
  readonly kept: number
  /** The record in which mailsync remembers what it owns. */
  readonly manifest: boolean
}

/** Values are rdata as text. */
export interface PlannedEdit {
  readonly purpose: Purpose
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Values that mailsync did not write are replaced. */
  readonly adopts: boolean
  /** Where the spec asks for it; absent where it left the spec. */
  readonly where?: Position
}

export interface ZoneFailure extends Failure {
  readonly zone: string
  readonly provider: string
}

export interface PlannedKey {
  readonly domain: string
  readonly selector: string
  readonly algorithm: string
  readonly where?: Position
}

export interface PlannedManualStep {
  readonly what: string
  readonly why: string
  readonly where?: Position
}

/** How many RRsets are created, updated and deleted; the manifest is bookkeeping and does not count. */
export interface Counts {
  readonly create: number
  readonly update: number
  readonly delete: number
  readonly zones: number
  readonly claimed: number
}

export function countChanges(zones: readonly ZonePlan[]): Counts {
  const real = zones.map(({ changes }) => changes.filter(({ manifest }) => !manifest))
  const of = (kind: PlannedChange['kind']): number => real.flat().filter((change) => change.kind === kind).length
  return {
    create: of('create'),
    update: of('update'),
    delete: of('delete'),
    zones: real.filter((changes) => changes.length > 0).length,
    claimed: zones.reduce((sum, { claimed }) => sum + claimed, 0),
  }
}

/** The RRset a change is about: what will stand there, or what is taken away. */
export function plannedSubject({ after, before }: PlannedChange): RRset {
  return (after ?? before) as RRset
}

/** Whether anything would be written. */
export function hasChanges(plan: Plan): boolean {
  return plan.zones.length > 0 || plan.keys.length > 0
}
