import type { ApplyResult, ZoneOutcome } from '../../apply/result.js'
import type { PlannedChange } from '../../plan/plan.js'
import { count } from '../words.js'

/** `3 created, 1 updated, 0 deleted`; the manifest does not count. */
export function doneOf(applied: readonly PlannedChange[]): string {
  const of = (kind: PlannedChange['kind']): number =>
    applied.filter((change) => change.kind === kind && !change.manifest).length
  return `${of('create')} created, ${of('update')} updated, ${of('delete')} deleted`
}

/** Whether the run was stopped before the zone was written; it has not failed. */
export function isStopped({ failure }: ZoneOutcome): boolean {
  return failure?.code === 'cancelled'
}

/** What was done, what was not, and what to do, in one line. */
export function applySummaryOf({ zones }: ApplyResult): string {
  const written = zones.filter(({ applied, byHand }) => byHand === undefined && applied.length > 0)
  const failed = zones.filter((zone) => zone.failure && !isStopped(zone))
  const stopped = zones.filter(isStopped)
  const unknown = zones.flatMap(({ uncertain }) => uncertain)
  if (zones.length === 0) return 'Nothing was changed.'
  const isUntouched = written.length + failed.length + unknown.length === 0
  const told = zones.filter(({ byHand }) => byHand !== undefined)
  const waiting = zones.filter(({ waitsFor }) => waitsFor !== undefined)
  const left = zones.filter(({ later, failure }) => later !== undefined && !failure)
  const untouched = left.filter(({ applied }) => applied.length === 0)
  const isWhole = written.length + told.length + waiting.length + untouched.length === zones.length
  const parts = [
    ...(isUntouched && told.length > 0 ? [] : [isUntouched ? 'Nothing was written' : writesOf(written)]),
    ...(told.length > 0 ? [stepsOf(told)] : []),
    ...(waiting.length > 0
      ? [`${count(waiting.length, 'zone')} ${waiting.length === 1 ? 'waits' : 'wait'} for that`]
      : []),
    ...(left.length > 0 ? [laterOf(left)] : []),
    ...(failed.length > 0 ? [`${count(failed.length, 'zone')} failed: ${writtenOf(failed)}`] : []),
    ...(stopped.length > 0 ? [`stopped before ${count(stopped.length, 'zone')}`] : []),
    ...(unknown.length > 0 ? [`${count(unknown.length, 'change')} may or may not have been written`] : []),
    ...(!isWhole || failed.length + unknown.length > 0 ? ['run again'] : []),
  ]
  return `${parts.join('; ')}.`
}

function writesOf(written: readonly ZoneOutcome[]): string {
  return `${doneOf(written.flatMap(({ applied }) => applied))} in ${count(written.length, 'zone')}`
}

/** `3 steps are yours` */
export function stepsOf(zones: readonly ZoneOutcome[]): string {
  const steps = zones.reduce((sum, { byHand = [] }) => sum + byHand.length, 0)
  return `${count(steps, 'step')} ${steps === 1 ? 'is' : 'are'} yours`
}

/** `3 changes are left to a later phase` */
export function laterOf(zones: readonly ZoneOutcome[]): string {
  const changes = zones.flatMap(({ later = [] }) => later.filter(({ manifest }) => !manifest)).length
  return `${count(changes, 'change')} ${changes === 1 ? 'is' : 'are'} left to a later phase`
}

function writtenOf(failed: readonly ZoneOutcome[]): string {
  const [only] = failed
  const partly = failed.filter(({ applied, uncertain }) => applied.length + uncertain.length > 0)
  if (partly.length === 0) return `nothing of ${failed.length === 1 ? 'it' : 'them'} was written`
  if (failed.length > 1 || only === undefined) return `${partly.length} of them in part`
  const all = only.applied.length + only.uncertain.length + only.pending.length
  return `${only.applied.length} of its ${count(all, 'change')} ${only.applied.length === 1 ? 'was' : 'were'} written`
}
