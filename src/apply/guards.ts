import { type Plan, type PlannedChange, type PlannedEdit, plannedSubject, type ZonePlan } from '../plan/plan.js'
import { hasErrors } from '../problem.js'

/** Why a plan is not carried out as it is. */
export interface Refusal {
  readonly guard: 'adopt' | 'deletes'
  readonly zone: string
  readonly provider: string
  readonly message: string
  readonly hint: string
}

/** The share of what is owned in a zone, and the number of slots, above which deleting needs `--force`. */
const MAX_SHARE = 0.3
const MIN_COUNT = 3

/** The safety limits a plan runs into. */
export function refusals(plan: Plan, { adopt, force }: { adopt: boolean; force: boolean }): Refusal[] {
  return plan.zones.flatMap((zone) => [...(adopt ? [] : adoptions(zone)), ...(force ? [] : deletions(zone))])
}

/** Whether the plan has errors that are about the spec as a whole; those of one zone only stop that zone. */
export function isUnsound(plan: Plan): boolean {
  return hasErrors(plan.problems.filter(({ zone }) => zone === undefined))
}

function adoptions({ zone, provider, changes }: ZonePlan): Refusal[] {
  return changes.flatMap((change) =>
    change.edits
      .filter(({ adopts }) => adopts)
      .map((edit) => ({
        guard: 'adopt',
        zone,
        provider,
        message: `${plannedSubject(change).name} ${plannedSubject(change).type} (${edit.purpose}) holds a value that mailsync did not write: ${held(change, edit)}`,
        hint: 'if it may be replaced, run apply with --adopt',
      })),
  )
}

/** The values that would be replaced; where only the TTL would, that too. */
function held({ before, after }: PlannedChange, edit: PlannedEdit): string {
  const isSame = edit.before.length === edit.after.length && edit.before.every((value) => edit.after.includes(value))
  const ttl = isSame && before && after ? ` (TTL ${before.ttl}, and the spec wants ${after.ttl})` : ''
  return edit.before.join(', ') + ttl
}

function deletions({ zone, provider, removed, owned }: ZonePlan): Refusal[] {
  if (removed < MIN_COUNT || removed <= owned * MAX_SHARE) return []
  return [
    {
      guard: 'deletes',
      zone,
      provider,
      message: `${removed} of the ${owned} records that mailsync owns in ${zone} would be deleted`,
      hint: 'if that is what you want, run apply with --force',
    },
  ]
}
