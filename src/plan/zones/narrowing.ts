import type { Compiled } from '../../../records/compile.js'
import { displayName } from '../../../records/rr/name.js'
import { shardText } from '../../fleet/shards/shard.js'
import type { Difference } from '../../fleet/since/difference.js'
import type { Problem } from '../../problem.js'
import type { Plan } from '../plan.js'
import type { PlanInput } from '../plan-input.js'
import type { ChosenZones } from './choose-zones.js'
import type { ZoneTask } from './task.js'

/** Of what a run could look at, what it has to: there, reverse names of then count too. */
export function lookedAt(tasks: readonly ZoneTask[], different: Difference | undefined): ZoneTask[] {
  if (different === undefined) return [...tasks]
  const { isLooked } = different
  return tasks
    .filter(({ zone, connected }) => isLooked({ zone, provider: connected.name }))
    .map((task) => {
      const past = (different.reverseNames.get(task.zone) ?? []).filter((name) => !task.reverseNames.includes(name))
      return past.length === 0 ? task : { ...task, reverseNames: [...task.reverseNames, ...past], hasPastNames: true }
    })
}

/** Notes of where zones left the spec: what only the revision tells, as no plan looks there. Of shards the first is about them. */
export function leftPlaces(
  { since, selection: { zones, domains, shard } }: Pick<PlanInput, 'since' | 'selection'>,
  different: Difference | undefined,
): Problem[] {
  if (since === undefined || different === undefined || zones.length + domains.length > 0) return []
  if (shard !== undefined && shard.index !== 1) return []
  return different.left.map(({ zone, provider }) => ({
    rule: 'zone-left',
    severity: 'note',
    message: `${displayName(zone)} is no longer kept at ${provider}, as it was in ${since.revision.value}: what mailsync wrote there stays`,
    hint: 'where it is to go, leave the zone in the spec without its domains for one `apply --force`, and take it out then',
    zone,
    provider,
  }))
}

/**
 * How few zones were looked at, where not all were.
 *
 * @param declared what the spec means before anything is looked at
 * @param all what a run of everything would look at; asked only where something can be left out
 */
export async function narrowedIn(
  { since, selection: { shard } }: Pick<PlanInput, 'since' | 'selection'>,
  declared: Compiled,
  { isNamed, isRead }: ChosenZones,
  tasks: readonly ZoneTask[],
  all: () => readonly ZoneTask[],
): Promise<Pick<Plan, 'narrowed'>> {
  if (shard === undefined && since === undefined) return {}
  const named = new Set(
    all()
      .map(({ zone }) => zone)
      .filter(isNamed),
  )
  const read = [...named].filter(isRead)
  const looked = new Set(tasks.map(({ zone }) => zone))
  const narrowed = [
    ...(shard
      ? [
          {
            by: 'shard' as const,
            value: shardText(shard),
            ...(await meant(declared)),
            notLookedAt: named.size - read.length,
          },
        ]
      : []),
    ...(since
      ? [{ ...since.revision, notLookedAt: (since.unread ?? 0) + read.filter((zone) => !looked.has(zone)).length }]
      : []),
  ]
  return { narrowed }
}

/** For plans of other shards to be compared with. What makes digests is loaded for them alone. */
async function meant(declared: Compiled): Promise<{ readonly meaning: string }> {
  const { meaningDigest } = await import('../../fleet/shards/meaning-digest.js')
  return { meaning: meaningDigest(declared) }
}
