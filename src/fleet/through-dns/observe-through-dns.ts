import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import type { ZoneDiff } from '../../../records/diff.js'
import { MailsyncError } from '../../../records/error.js'
import type { MailSpec } from '../../../records/spec.js'
import type { SeenInDns } from '../../plan/plan.js'
import { compareZone } from '../../plan/zones/compare-zone.js'
import type { ZoneFinding, ZoneTask } from '../../plan/zones/task.js'
import type { ZoneObserver } from '../../plan/zones/zone-observer.js'
import type { Locate } from '../../problem.js'
import { type AnsweringServer, askServers } from './ask-servers.js'
import { askZone } from './ask-zone.js'
import type { Serials } from './serials/serials.js'
import { serialsNow, textsOf } from './serials/serials-now.js'
import { newTally } from './tally.js'
import { zoneFinderFor } from './zone-finder-for.js'

export interface ObserveOptions {
  readonly dns: PublicDns
  readonly spec: Pick<MailSpec, 'zones'>
  /** Without it every zone is asked for its names. */
  readonly serials?: Serials | undefined
}

/** Looks at zones through DNS, and tells in the end what it saw. */
export interface DnsObserver extends ZoneObserver {
  seen(): SeenInDns
}

/** Zones that are looked at at the same time: their questions keep the client busy, and no more is in memory. */
const PARALLEL = 32

/**
 * Looks at zones by asking one of their name servers for what concerns the spec. A zone counts as wanted only where comparing it finds
 * nothing at all; whatever differs or cannot be seen is left to the provider.
 */
export function observeThroughDns({ dns, spec, serials }: ObserveOptions): DnsObserver {
  const find = zoneFinderFor(spec, dns)
  const tally = newTally()
  let turn = 0
  return {
    parallel: PARALLEL,
    look: async (task, locate, signal) => {
      if (!isInDns(task)) return undefined
      try {
        if (await isUnchanged(task, signal)) {
          tally.unchanged()
          return { zone: task.zone, problems: [], targets: new Map(), aliases: new Map(), isSeenOnly: true }
        }
        return await lookAt(task, locate, signal)
      } catch (error) {
        if (!(error instanceof MailsyncError)) throw error
        // What stops the run stops the provider too, and is told there.
        if (error.code !== 'cancelled') tally.leave(task, 'unseen', error.message)
        return undefined
      }
    },
    confirm: (task, finding) => {
      tally.confirm(task, finding)
      if (hasSerial(task)) serials?.forget(task)
    },
    seen: tally.seen,
  }

  async function isUnchanged(task: ZoneTask, signal: AbortSignal): Promise<boolean> {
    const known = hasSerial(task) ? serials?.known(task) : undefined
    return known !== undefined && (await serialsNow(dns.client, task.zone, known, signal))
  }

  async function lookAt(task: ZoneTask, locate: Locate, signal: AbortSignal): Promise<ZoneFinding | undefined> {
    const remembered = (await task.connected.memory?.read(task.zone)) ?? []
    const { answering, silent } = await askServers(dns.client, await find(task, signal), signal)
    const server = answering[turn++ % answering.length] as AnsweringServer
    const zone = await askZone(task, { client: dns.client, server, remembered, signal })
    const { diff, problems, targets, aliases } = compareZone(task, zone, locate)
    const difference = differenceIn(diff, problems)
    if (difference !== undefined) {
      tally.leave(task, 'differs', difference)
      return undefined
    }
    tally.asWanted(silent)
    const finding: ZoneFinding = { zone: task.zone, problems, targets, aliases, isSeenOnly: true }
    // Of a silent server no serial is known, and it may come back with another version.
    if (hasSerial(task) && isQuiet(finding) && silent.length === 0) serials?.keep(task, textsOf(answering))
    else if (hasSerial(task)) serials?.forget(task)
    return finding
  }
}

/** What only DNS shows needs no other look at it, and what nobody has published yet is not there. */
function isInDns({ connected: { plugin } }: ZoneTask): boolean {
  const { serves, read, inDns } = plugin.traits
  return serves !== 'addresses' && read !== 'places' && inDns !== 'not'
}

/** Whether a serial tells that a zone is as it was: of a part of it, or of what depends on addresses nobody knows, it does not. */
function hasSerial({ connected: { plugin }, partial, frozen, hasPastNames }: ZoneTask): boolean {
  return plugin.traits.inDns === 'with-serial' && !partial && !hasPastNames && frozen === undefined
}

/** The first thing in which a zone is not as wanted. */
function differenceIn(diff: ZoneDiff, problems: ZoneFinding['problems']): string | undefined {
  const [edit] = diff.edits
  if (edit) {
    const { change } = edit
    const { name, type } = change.kind === 'delete' ? change.before : change.after
    return `${name} ${type} is not as the spec wants it`
  }
  return problems.find(({ severity }) => severity === 'error')?.message
}

/** Whether nothing is to be said about a zone that only a look at it tells: then a later run need not look. */
function isQuiet({ problems, targets, aliases }: ZoneFinding): boolean {
  const isReached = [...targets.values()].every(({ what, locked }) => what === 'address' && locked === undefined)
  return problems.length === 0 && aliases.size === 0 && isReached
}
