import { isUnsound } from '../apply/guards.js'
import { countChanges, type Plan } from '../plan/plan.js'
import { count } from './words.js'

/** The plan in one line: `1 to create, 1 to update, 0 to delete in 1 zone. 1 manual step.` */
export function summaryOf(plan: Plan): string {
  const { failures, keys, manual } = plan
  return [
    changesOf(plan),
    ...(keys.length > 0 ? [`${count(keys.length, 'DKIM key')} to generate.`] : []),
    ...(failures.length > 0 ? [`${count(failures.length, 'zone')} failed.`] : []),
    ...(manual.length > 0 ? [`${count(manual.length, 'manual step')}.`] : []),
    ...(isUnsound(plan) ? ['The spec has errors, so nothing can be applied.'] : []),
  ].join(' ')
}

/** What becomes ours without a change, in a sentence; undefined where nothing does. */
export function claimsOf({ zones }: Plan): string | undefined {
  const { claimed } = countChanges(zones)
  if (claimed === 0) return undefined
  return claimed === 1
    ? '1 record already is as wanted; it becomes ours.'
    : `${count(claimed, 'record')} already are as wanted; they become ours.`
}

function changesOf({ zones, unchanged, keys, failures }: Plan): string {
  const counts = countChanges(zones)
  if (counts.zones > 0)
    return `${counts.create} to create, ${counts.update} to update, ${counts.delete} to delete in ${count(counts.zones, 'zone')}.`
  const read = zones.length + unchanged
  if (zones.length > 0) return `No record changes; what mailsync remembers does, in ${count(zones.length, 'zone')}.`
  if (keys.length > 0) return 'No changes yet.'
  if (read === 0) return failures.length > 0 ? 'Nothing could be planned.' : 'Nothing to do: no zone was planned.'
  return `Nothing to do: ${read === 1 ? '1 zone is' : `${count(read, 'zone')} are`} as the spec wants.`
}
