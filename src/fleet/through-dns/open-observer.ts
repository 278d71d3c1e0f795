import { publicDns } from '../../../providers/dns/client/public-dns.js'
import type { Name } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import { type FoundValue, resolveEnv } from '../../connect/env-values.js'
import { isSecret, SECRET_NAME } from '../../connect/secrets.js'
import type { Plan } from '../../plan/plan.js'
import type { ZoneTask } from '../../plan/zones/task.js'
import type { ZoneObserver } from '../../plan/zones/zone-observer.js'
import { observeThroughDns } from './observe-through-dns.js'
import { serialsIn } from './serials/serials.js'

/** Looks at zones through DNS during one plan. */
export interface OpenObserver extends ZoneObserver {
  /** The plan with what was seen, and the serials in their file. Throws `io` where that cannot be written. */
  finish(plan: Plan): Promise<Plan>
  close(): void
}

export interface OpenObserverOptions {
  readonly spec: Pick<MailSpec, 'zones' | 'otherZones' | 'providers'>
  /** `address[:port]` of the resolver that finds the name servers, or `root`; the system's without it. */
  readonly resolver: string | undefined
  /** File that keeps serials; without it none are kept. */
  readonly serials: string | undefined
  /** What `env/NAME` in the options of providers stands for. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Seconds since 1970. */
  readonly now: number
}

/** Throws `usage` where `resolver` is none, `io` where the file of serials is none of ours. */
export async function openObserver({
  spec,
  resolver,
  serials: file,
  env,
  signal,
  now,
}: OpenObserverOptions): Promise<OpenObserver> {
  const { zones, otherZones } = spec
  const isDeclared = (zone: string, provider: string): boolean =>
    (zones.get(zone as Name)?.targets ?? otherZones?.targets ?? []).includes(provider)
  const placeOf = ({ zone, connected: { name, plugin } }: ZoneTask): unknown => {
    const { options = {} } = spec.providers.get(name) ?? {}
    const isPlace = ({ path }: FoundValue): boolean => !isSecret(plugin, path) && !SECRET_NAME.test(String(path.at(-1)))
    return [zones.get(zone)?.servers, withoutSecrets(options), resolveEnv(options, env).found.filter(isPlace)]
  }
  const serials = file === undefined ? undefined : serialsIn({ file, now, isDeclared, placeOf })
  const dns = publicDns({ resolver })
  const observer = observeThroughDns({ dns, spec, serials })
  return {
    ...observer,
    finish: async (plan) => {
      await serials?.save(signal)
      return { ...plan, narrowed: [...(plan.narrowed ?? []), observer.seen()] }
    },
    close: dns.close,
  }
}

/** Options of a provider as text; a secret says nothing of a place. */
function withoutSecrets(options: unknown): string | undefined {
  return JSON.stringify(options, (name, value: unknown) => (SECRET_NAME.test(name) ? undefined : value))
}
