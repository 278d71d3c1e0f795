import { shardText } from '../../fleet/shards/shard.js'
import type { Difference } from '../../fleet/since/difference.js'
import type { Plan } from '../plan.js'
import type { PlanInput } from '../plan-input.js'
import type { ChosenZones } from './choose-zones.js'
import type { ZoneTask } from './plan-zone.js'

/** Of what a run could look at, what it has to: there, reverse names of then count too. */
export function lookedAt(tasks: readonly ZoneTask[], different: Difference | undefined): ZoneTask[] {
  if (different === undefined) return [...tasks]
  const { isLooked } = different
  return tasks
    .filter(({ zone, connected }) => isLooked({ zone, provider: connected.name }))
    .map((task) => ({
      ...task,
      reverseNames: [...new Set([...task.reverseNames, ...(different.reverseNames.get(task.zone) ?? [])])],
    }))
}

/**
 * How few zones were looked at, where not all were.
 *
 * @param all what a run of everything would look at; asked only where something can be left out
 */
export function narrowedIn(
  { since, selection: { shard } }: Pick<PlanInput, 'since' | 'selection'>,
  { isNamed, isRead }: ChosenZones,
  tasks: readonly ZoneTask[],
  all: () => readonly ZoneTask[],
): Pick<Plan, 'narrowed'> {
  if (shard === undefined && since === undefined) return {}
  const named = new Set(
    all()
      .map(({ zone }) => zone)
      .filter(isNamed),
  )
  const read = [...named].filter(isRead)
  const looked = new Set(tasks.map(({ zone }) => zone))
  const narrowed = [
    ...(shard ? [{ by: 'shard' as const, value: shardText(shard), notLookedAt: named.size - read.length }] : []),
    ...(since
      ? [{ ...since.revision, notLookedAt: (since.unread ?? 0) + read.filter((zone) => !looked.has(zone)).length }]
      : []),
  ]
  return { narrowed }
}
