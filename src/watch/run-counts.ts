import type { ChangeCounts, RunCounts, RunEvent } from './run-event.js'

/** Counts what is told of a run. */
export interface Tally {
  add(event: RunEvent): void
  counts(): RunCounts
  /** RRsets that are not as the spec says now, by what is to happen to them. */
  pending(): ChangeCounts
  /** Zones by what came of them; each counts once, however often it was looked at. */
  zones(): { readonly unchanged: number; readonly changed: number; readonly failed: number }
}

const KINDS = ['create', 'update', 'delete'] as const
type Counting = { -readonly [Kind in keyof ChangeCounts]: number }

export function tally(): Tally {
  const planned = new Map<string, Counting>()
  const unchanged = new Set<string>()
  const failed = new Set<string>()
  const changes: Counting = { create: 0, update: 0, delete: 0 }
  let calls = 0
  let retries = 0
  let waited = 0

  const add = (event: RunEvent): void => {
    if (event.event === 'call') calls += 1
    if (event.event === 'retry') retries += 1
    if (event.event === 'rate-limit.wait') waited += event.seconds
    if (event.event === 'failure' && event.zone !== undefined) failed.add(placeOf(event))
    if (event.event === 'zone.planned') {
      const { create, update, delete: gone } = event
      failed.delete(placeOf(event))
      if (create + update + gone === 0) unchanged.add(placeOf(event))
      else planned.set(placeOf(event), { create, update, delete: gone })
    }
    if (event.event === 'write.done') {
      const left = planned.get(placeOf(event))
      for (const kind of KINDS) {
        changes[kind] += event[kind]
        if (left) left[kind] = Math.max(0, left[kind] - event[kind])
      }
    }
  }
  const pending = (): ChangeCounts => {
    const sum: Counting = { create: 0, update: 0, delete: 0 }
    for (const left of planned.values()) for (const kind of KINDS) sum[kind] += left[kind]
    return sum
  }
  const zones = () => {
    const well = (place: string): boolean => !failed.has(place)
    return {
      unchanged: [...unchanged].filter((place) => well(place) && !planned.has(place)).length,
      changed: [...planned.keys()].filter(well).length,
      failed: failed.size,
    }
  }
  return {
    add,
    pending,
    zones,
    counts: () => {
      const { unchanged: same, changed, failed: wrong } = zones()
      const { create, update, delete: gone } = pending()
      return {
        zones: same + changed + wrong,
        failed: wrong,
        changes: { ...changes },
        pending: create + update + gone,
        calls,
        retries,
        waited,
      }
    },
  }
}

function placeOf({ zone, provider = '' }: { readonly zone?: string; readonly provider?: string }): string {
  return `${zone} ${provider}`
}
