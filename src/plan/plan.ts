import type * as z from 'zod'
import type { planSchema } from './plan-schema.js'

type Frozen<T> = T extends string | number | boolean | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : { readonly [Key in keyof T]: Frozen<T[Key]> }

/**
 * A plan is data: what `plan --out` saves, `--format json` prints, renderers read and `apply` carries out. Its form is
 * versioned: `planSchema` describes it, and so does plan.schema.json.
 */
export type Plan = Frozen<z.output<typeof planSchema>>

export type ZonePlan = Plan['zones'][number]
/** The change of one RRset: a `Change`, and what each purpose contributes to it. */
export type PlannedChange = ZonePlan['changes'][number]
/** Values are rdata as text. */
export type PlannedEdit = PlannedChange['edits'][number]
export type ZoneFailure = Plan['failures'][number]
/** By what zones were not looked at. */
export type Narrowing = NonNullable<Plan['narrowed']>[number]
export type SeenInDns = Extract<Narrowing, { by: 'observe' }>
/** Zones that were not looked at at all. */
export type LeftOutZones = Exclude<Narrowing, SeenInDns>
export type PlannedKey = Plan['keys'][number]
export type PlannedManualStep = Plan['manual'][number]
/** One record of a step, as a web panel has it. */
export type PlannedSpfTerm = NonNullable<Plan['spf']>[number]['terms'][number]
export type PanelEntry = NonNullable<PlannedManualStep['entries']>[number]

/** How many RRsets mailsync creates, updates and deletes itself; the manifests are bookkeeping and do not count. */
export interface Counts {
  readonly create: number
  readonly update: number
  readonly delete: number
  readonly zones: number
  readonly claimed: number
  /** Records that left the spec and stay. */
  readonly left: number
}

export function countChanges(zones: readonly ZonePlan[]): Counts {
  const real = zones.map(({ changes, byHand }) => (byHand ? [] : changes.filter(({ manifest }) => !manifest)))
  const of = (kind: PlannedChange['kind']): number => real.flat().filter((change) => change.kind === kind).length
  return {
    create: of('create'),
    update: of('update'),
    delete: of('delete'),
    zones: real.filter((changes) => changes.length > 0).length,
    claimed: zones.reduce((sum, { claimed }) => sum + claimed.length, 0),
    left: zones.reduce((sum, { left }) => sum + left.length, 0),
  }
}

/** Whether there are zones that nobody looked at, neither at their provider nor through DNS. */
export function leavesOut({ narrowed = [] }: Pick<Plan, 'narrowed'>): boolean {
  return narrowed.some((one) => one.by !== 'observe' && one.notLookedAt > 0)
}

/** Whether anything would be written. */
export function hasChanges(plan: Plan): boolean {
  return plan.zones.length > 0 || plan.keys.length > 0
}
