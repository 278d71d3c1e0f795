import { isUnsound } from '../../apply/guards.js'
import { countChanges, type Plan } from '../../plan/plan.js'
import { count } from '../words.js'

/** The plan in one line: `1 to create, 1 to update, 0 to delete in 1 zone. 1 manual step.` */
export function summaryOf(plan: Plan): string {
  const { failures, keys, manual } = plan
  return [
    changesOf(plan),
    ...(keys.length > 0 ? [`${count(keys.length, 'DKIM key')} to generate.`] : []),
    ...(failures.length > 0 ? [`${count(failures.length, 'zone')} failed.`] : []),
    ...(manual.length > 0 ? [`${count(manual.length, 'manual step')}.`] : []),
    ...(isUnsound(plan) ? [unsoundOf(plan)] : []),
  ].join(' ')
}

function unsoundOf({ problems }: Plan): string {
  const errors = problems.filter(({ severity, zone }) => severity === 'error' && zone === undefined)
  const missing = errors.filter(({ rule }) => rule === 'shard-missing')
  return missing.length === errors.length
    ? `${count(missing.length, 'shard')} ${missing.length === 1 ? 'is' : 'are'} missing, so nothing can be applied.`
    : 'The spec has errors, so nothing can be applied.'
}

/** What is as wanted without a change, and what left the spec and stays, in a sentence each; undefined where there is neither. */
export function claimsOf({ zones }: Plan): string | undefined {
  const { claimed, left } = countChanges(zones)
  const sentences = [
    ...(claimed > 0
      ? [
          `${count(claimed, 'record')} ${claimed === 1 ? 'was' : 'were'} there already as wanted; mailsync changes ${claimed === 1 ? 'it' : 'them'} with the spec, and never deletes ${claimed === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(left > 0
      ? [
          `${count(left, 'record')} left the spec and ${left === 1 ? 'stays' : 'stay'}, because mailsync did not write ${left === 1 ? 'it' : 'them'}.`,
        ]
      : []),
  ]
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

function changesOf({ zones, unchanged, keys, failures, manual, narrowed = [] }: Plan): string {
  const counts = countChanges(zones)
  if (counts.zones > 0)
    return `${counts.create} to create, ${counts.update} to update, ${counts.delete} to delete in ${count(counts.zones, 'zone')}.`
  const read = zones.length + unchanged
  if (manual.some(({ zone }) => zone !== undefined))
    return keys.length > 0 ? 'No changes yet.' : 'Nothing for mailsync to write.'
  if (zones.length > 0) return `No record changes; what mailsync remembers does, in ${count(zones.length, 'zone')}.`
  if (keys.length > 0) return 'No changes yet.'
  if (read === 0 && failures.length > 0) return 'Nothing could be planned.'
  if (read === 0)
    return narrowed.length > 0 ? 'Nothing to do: no zone had to be looked at.' : 'Nothing to do: no zone was planned.'
  return `Nothing to do: ${read === 1 ? '1 zone is' : `${count(read, 'zone')} are`} as the spec wants.`
}
