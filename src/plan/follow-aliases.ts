import type { Compiled } from '../../records/compile.js'
import { type Name, parentOf, zoneOf } from '../../records/rr/name.js'
import { isReverse, type ReverseAliases } from '../../records/rr/reverse.js'
import type { AnyRRset } from '../../records/rr/rrset.js'
import type { Connected } from '../connect/connect.js'
import { newAliases } from '../hosts/reverse/look-at-reverse.js'
import type { ZoneFinding, ZoneTask } from './zones/task.js'

/** What a plan is made with. */
export interface Planning {
  compile(aliases: ReverseAliases): Compiled
  tasks(compiled: Compiled): ZoneTask[]
  plan(tasks: readonly ZoneTask[]): Promise<readonly ZoneFinding[]>
}

interface Followed {
  readonly compiled: Compiled
  readonly tasks: readonly ZoneTask[]
  readonly found: readonly ZoneFinding[]
}

/**
 * Plans every zone, with each PTR where the CNAMEs lead that DNS shows. Where a zone that is read has another one, which leads
 * into a declared zone, what that moves is planned once more.
 *
 * @param seen what DNS shows
 * @param declared what the spec means without it
 */
export async function followAliases(seen: ReverseAliases, declared: Compiled, planning: Planning): Promise<Followed> {
  const compiled = seen.size === 0 ? declared : planning.compile(seen)
  const keep = keptReads([...compiled.input.zones.keys()])
  const tasks = planning.tasks(compiled).map(keep)
  const found = await planning.plan(tasks)
  const more = newAliases(new Map(found.flatMap(({ aliases }) => [...aliases])), compiled)
  if (more.size === 0) return withoutLooks({ compiled, tasks, found })
  const moved = planning.compile(new Map([...seen, ...more]))
  const again = planning.tasks(moved).map(keep)
  const known = new Map(tasks.map((task, index) => [taskText(task), found[index] as ZoneFinding]))
  const findings = again.map((task) => {
    const before = task.reverseNames.some((name) => more.has(name)) ? undefined : known.get(taskText(task))
    return { task, before }
  })
  const open = findings.flatMap(({ task, before }) => (before ? [] : [task]))
  const fresh = [...(await planning.plan(open))]
  const all = findings.flatMap(({ before }) => before ?? fresh.shift() ?? [])
  return withoutLooks({ compiled: moved, tasks: again, found: all })
}

/** Of the zones that were read only for their CNAMEs nothing is said, but where they could not be read. */
function withoutLooks({ compiled, tasks, found }: Followed): Followed {
  return {
    compiled,
    tasks: tasks.filter(({ isForAliases }) => !isForAliases),
    found: found.filter(({ failure }, index) => !tasks[index]?.isForAliases || failure),
  }
}

/** Tells apart what is asked of a zone. */
function taskText({ zone, connected, desired, isForAliases }: ZoneTask): string {
  return JSON.stringify([
    zone,
    connected.name,
    isForAliases === true,
    desired.map(({ rrset, purpose }) => [rrset, purpose]),
  ])
}

/** Keeps what is read of reverse zones in one another: a CNAME in the outer one may move a PTR to the inner one, or back. */
function keptReads(zones: readonly Name[]): (task: ZoneTask) => ZoneTask {
  const reverse = new Map(zones.filter(isReverse).map((zone) => [zone, zone]))
  const nested = new Set(
    [...reverse.keys()].flatMap((zone) => {
      const around = zoneOf(parentOf(zone), reverse)
      return around === undefined ? [] : [zone, around]
    }),
  )
  const kept = new Map<string, Promise<readonly AnyRRset[]>>()
  const reading = ({ provider, name }: Connected, zone: Name, signal: AbortSignal): Promise<readonly AnyRRset[]> => {
    const key = `${zone} ${name}`
    const begun = kept.get(key) ?? provider.read(zone, signal)
    kept.set(key, begun)
    return begun
  }
  return (task) =>
    nested.has(task.zone) ? { ...task, read: (signal) => reading(task.connected, task.zone, signal) } : task
}
