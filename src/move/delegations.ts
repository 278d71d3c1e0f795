import type { PublicDns } from '../../providers/dns/client/public-dns.js'
import { rrsetIn } from '../../providers/dns/client/zone-finder.js'
import { MailsyncError } from '../../records/error.js'
import { movedZones } from '../../records/move/check-move.js'
import type { MoveView } from '../../records/move/next-move-step.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import type { Connected } from '../connect/connect.js'
import type { OpenMove } from './open-stage.js'

/** A zone whose providers change: only a person can have its delegation changed. */
export interface Delegation extends Omit<MoveView['delegations'][number], 'zone'> {
  readonly zone: Name
  /** The name servers that it is to be delegated to; empty where its providers do not say. */
  readonly wanted: readonly string[]
  readonly seen: readonly string[]
}

/** Parents mostly give a delegation two days, and resolvers keep it so long. */
const DELEGATION_TTL = 2 * 86_400

/** @param isSaid somebody says that the delegations are changed, which counts where nobody can see it */
export async function delegationsOf(
  { old, goal }: Pick<OpenMove, 'old' | 'goal'>,
  {
    back,
    dns,
    providers,
    signal,
    isSaid = false,
  }: {
    readonly back: boolean
    readonly dns: PublicDns
    readonly providers: ReadonlyMap<string, Connected>
    readonly signal: AbortSignal
    readonly isSaid?: boolean
  },
): Promise<Delegation[]> {
  const moved = movedZones({ old: old.spec, goal: goal.spec })
  return Promise.all(
    moved.map(async ({ zone: text, to }): Promise<Delegation> => {
      const zone = text as Name
      const targets = back ? (old.spec.zones.get(zone)?.targets ?? []) : to
      const wanted = (await Promise.all(targets.map((name) => serversOf(zone, providers.get(name), signal)))).flat()
      const { names, ttl } = await seenServers(zone, dns, signal)
      const isShown = names.length > 0 && wanted.length > 0 && names.every((name) => wanted.includes(name))
      return {
        zone,
        wanted: wanted.map(withoutDot),
        seen: names.map(withoutDot),
        isDone: isShown || (isSaid && wanted.length === 0),
        ttl: Math.max(DELEGATION_TTL, ttl),
      }
    }),
  )
}

async function serversOf(zone: Name, connected: Connected | undefined, signal: AbortSignal): Promise<readonly Name[]> {
  try {
    return (await connected?.provider.check?.(zone, signal))?.nameServers ?? []
  } catch (error) {
    return unlessStopped(error)
  }
}

async function seenServers(zone: Name, dns: PublicDns, signal: AbortSignal) {
  try {
    const { answer } = await dns.resolver.resolve({ name: zone, type: 'NS' }, signal)
    const found = rrsetIn(answer, zone, 'NS')
    return { names: found?.rdata ?? [], ttl: found?.ttl ?? 0 }
  } catch (error) {
    return { names: unlessStopped(error), ttl: 0 }
  }
}

function unlessStopped(error: unknown): [] {
  if (error instanceof MailsyncError && error.code !== 'cancelled') return []
  throw error
}
