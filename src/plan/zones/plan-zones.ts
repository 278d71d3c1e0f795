import { eachByAccount, eachOf, limitByAccount } from '../../connect/limit-by-account.js'
import { firstLooks, foreseeReading } from '../../fleet/budget/foresee.js'
import type { Watch } from '../../watch/watch.js'
import { countChanges } from '../plan.js'
import type { PlanInput } from '../plan-input.js'
import { planZone } from './plan-zone.js'
import type { ZoneFinding, ZoneTask } from './task.js'
import type { ZoneObserver } from './zone-observer.js'

/** Plans zones, a few of each account at a time, and tells of each. Throws `rate-limited` where rate limits would make that too long a work. */
export async function planZones(
  tasks: readonly ZoneTask[],
  { locate, signal, parallel, observer, onProgress, watch }: PlanInput,
): Promise<ZoneFinding[]> {
  let done = 0
  const told: Told = (task, finding) => {
    done += 1
    if (!task.isForAliases || finding.failure) tellOf(finding, task.connected.name, watch)
    onProgress?.(done, tasks.length)
    return finding
  }
  const planOne = async (task: ZoneTask): Promise<ZoneFinding> => told(task, await planZone(task, locate, signal))
  const planEach = (some: readonly ZoneTask[]): Promise<ZoneFinding[]> =>
    eachByAccount(some, ({ connected }) => connected, parallel, planOne)
  // How many zones a look through DNS leaves to the providers is not known before.
  if (observer) return planObserved(tasks, observer, { locate, signal, parallel, told })
  if (!watch) return planEach(tasks)
  const first = firstLooks(tasks)
  const findings = new Map<ZoneTask, ZoneFinding>()
  for (const [index, finding] of (await planEach(first)).entries()) findings.set(first[index] as ZoneTask, finding)
  const rest = tasks.filter((task) => !findings.has(task))
  foreseeReading(rest, watch)
  const found = (await planEach(rest)).values()
  return tasks.map((task) => findings.get(task) ?? (found.next().value as ZoneFinding))
}

/** Looks at zones through DNS, and asks the providers of those that are not as the spec wants them. */
async function planObserved(
  tasks: readonly ZoneTask[],
  observer: ZoneObserver,
  { locate, signal, parallel, told }: Pick<PlanInput, 'locate' | 'signal' | 'parallel'> & { readonly told: Told },
): Promise<ZoneFinding[]> {
  const limit = limitByAccount(parallel)
  const findings = new Map<ZoneTask, ZoneFinding>()
  const asked: Promise<void>[] = []
  const ask = async (task: ZoneTask): Promise<void> => {
    const read = await planZone(task, locate, signal)
    if (!task.isForAliases) observer.confirm(task, read)
    findings.set(task, told(task, read))
  }
  await eachOf(tasks, observer.parallel, async (task) => {
    const seen = task.isForAliases ? undefined : await observer.look(task, locate, signal)
    if (seen) {
      findings.set(task, told(task, seen))
      return
    }
    const asking = limit(task.connected, () => ask(task))
    // What it throws is thrown below, once all zones were looked at: until then somebody has to have caught it.
    asking.catch(() => {})
    asked.push(asking)
  })
  await Promise.all(asked)
  return tasks.map((task) => findings.get(task) as ZoneFinding)
}

type Told = (task: ZoneTask, finding: ZoneFinding) => ZoneFinding

function tellOf({ zone, plan, failure }: ZoneFinding, provider: string, watch: Watch | undefined): void {
  // Who stops a run knows that the rest of the zones is not read: no failure, and no line for each of thousands.
  if (!watch || failure?.code === 'cancelled') return
  if (failure) watch.tell({ event: 'failure', ...failure })
  const { create, update, delete: gone } = countChanges(plan ? [plan] : [])
  if (!failure) watch.tell({ event: 'zone.planned', zone, provider, create, update, delete: gone })
}
