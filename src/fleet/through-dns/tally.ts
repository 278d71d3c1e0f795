import type { Name } from '../../../records/rr/name.js'
import type { SeenInDns } from '../../plan/plan.js'
import type { ZoneFinding, ZoneTask } from '../../plan/zones/task.js'
import type { ZoneServers } from './ask-servers.js'

/** Counts what is seen of each zone. */
export interface Tally {
  asWanted(silent: ZoneServers['silent']): void
  /** As it was when it was last seen as wanted. */
  unchanged(): void
  leave(task: ZoneTask, why: 'differs' | 'unseen', message: string): void
  /** What the provider showed of a zone that was left to it. */
  confirm(task: ZoneTask, finding: ZoneFinding): void
  seen(): SeenInDns
}

type Left = SeenInDns['asked'][number]

export function newTally(): Tally {
  let [asWanted, unchanged] = [0, 0]
  const left = new Map<ZoneTask, Left>()
  const silent = new Map<Name, { zones: number; readonly message: string }>()
  return {
    asWanted: (servers) => {
      asWanted += 1
      for (const { server, why } of servers) {
        const known = silent.get(server)
        if (known) known.zones += 1
        else silent.set(server, { zones: 1, message: why })
      }
    },
    unchanged: () => {
      asWanted += 1
      unchanged += 1
    },
    leave: (task, why, message) => {
      left.set(task, { zone: task.zone, provider: task.connected.name, why, message })
    },
    confirm: (task, { plan, failure }) => {
      const one = left.get(task)
      if (one?.why === 'differs' && (plan || !failure)) left.set(task, { ...one, confirmed: plan !== undefined })
    },
    seen: () => ({
      by: 'observe',
      value: 'dns',
      asWanted,
      unchanged,
      asked: [...left.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
      silent: [...silent].map(([server, { zones, message }]) => ({ server, zones, message })),
    }),
  }
}

function placeOf({ zone, provider }: Left): string {
  return `${zone} ${provider}`
}
