import pLimit from 'p-limit'
import { limitByAccount } from '../../connect/limit-by-account.js'
import { firstLooks, foreseeReading } from '../../fleet/budget/foresee.js'
import type { Watch } from '../../watch/watch.js'
import { countChanges } from '../plan.js'
import type { PlanInput } from '../plan-input.js'
import { planZone, type ZoneFinding, type ZoneTask } from './plan-zone.js'

/** Plans zones, a few of each account at a time, and tells of each. Throws `rate-limited` where rate limits would make that too long a work. */
export async function planZones(
  tasks: readonly ZoneTask[],
  { locate, signal, parallel, observer, onProgress, watch }: PlanInput,
): Promise<ZoneFinding[]> {
  const limit = limitByAccount(parallel)
  const looks = pLimit(observer?.parallel ?? parallel)
  let done = 0
  const begin = async (task: ZoneTask): Promise<ZoneFinding> => {
    const isLookedAt = observer && !task.isForAliases
    const finding =
      (isLookedAt && (await looks(() => observer.look(task, locate, signal)))) ||
      (await limit(task.connected, async () => {
        const read = await planZone(task, locate, signal)
        if (isLookedAt) observer.confirm(task, read)
        return read
      }))
    done += 1
    if (!task.isForAliases || finding.failure) tellOf(finding, task.connected.name, watch)
    onProgress?.(done, tasks.length)
    return finding
  }
  // How many zones a look through DNS leaves to the providers is not known before.
  if (!watch || observer) return Promise.all(tasks.map(begin))
  const begun = new Map(firstLooks(tasks).map((task) => [task, begin(task)]))
  await Promise.all(begun.values())
  foreseeReading(
    tasks.filter((task) => !begun.has(task)),
    watch,
  )
  return Promise.all(tasks.map((task) => begun.get(task) ?? begin(task)))
}

function tellOf({ zone, plan, failure }: ZoneFinding, provider: string, watch: Watch | undefined): void {
  if (!watch) return
  if (failure) watch.tell({ event: 'failure', ...failure })
  const { create, update, delete: gone } = countChanges(plan ? [plan] : [])
  if (!failure) watch.tell({ event: 'zone.planned', zone, provider, create, update, delete: gone })
}
