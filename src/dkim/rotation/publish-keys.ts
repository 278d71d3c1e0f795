import { type Name, zoneOf } from '../../../records/rr/name.js'
import { applyPlan } from '../../apply/apply-plan.js'
import { refusals } from '../../apply/guards.js'
import type { ApplyResult, ZoneOutcome } from '../../apply/result.js'
import type { Connected } from '../../connect/connect.js'
import type { Shard } from '../../fleet/shards/shard.js'
import type { Io } from '../../io.js'
import { makePlan } from '../../plan/make-plan.js'
import type { Plan, ZoneFailure } from '../../plan/plan.js'
import { progressLine } from '../../progress.js'
import type { Session } from '../../session.js'

/** What became of the zones that hold keys. */
export interface Published {
  /** What DNS lacked: only keys, and of these only what is ours to write. */
  readonly plan: Plan
  /** Empty where nothing was to be written, or it was only looked. */
  readonly zones: readonly ZoneOutcome[]
  /** Zones that could not be read or written, or where a guard refused. */
  readonly failures: readonly ZoneFailure[]
  /** Whether the zone that a name lies in is one of those. */
  hasFailed(name: Name): boolean
}

/** Makes the keys of one kind in DNS as the spec and what is remembered of them say, and touches nothing else. @param write false: looks only */
export async function publishKeys(
  {
    session,
    providers,
    io,
    parallel,
    kind,
    shard,
  }: {
    readonly session: Session
    readonly providers: ReadonlyMap<string, Connected>
    readonly io: Io
    readonly parallel: number
    readonly kind: 'dkim' | 'tlsa'
    /** Only in its zones. */
    readonly shard?: Shard | undefined
  },
  write: boolean,
): Promise<Published> {
  const reading = progressLine(io, 'reading zones')
  const { plan, compiled } = await makePlan({
    ...session,
    providers,
    selection: { zones: [], domains: [], keysOnly: kind, ...(shard && { shard }) },
    today: io.today,
    parallel,
    signal: io.signal,
    onProgress: reading.update,
  }).finally(reading.end)
  const refused = refusals(plan, { adopt: false, force: true })
  const isRefused = ({ zone, provider }: { readonly zone: string; readonly provider: string }): boolean =>
    refused.some((one) => one.zone === zone && one.provider === provider)
  const chosen = { ...plan, keys: [], zones: plan.zones.filter((zone) => !isRefused(zone)) }
  const manual = plan.manual.filter(({ zone }) => zone !== undefined)
  const result = write ? await written(chosen, { providers, io, parallel }) : { zones: [] }
  const failures: ZoneFailure[] = [
    ...plan.failures.map((failure) => withProblems(failure, plan)),
    ...refused.map(({ zone, provider, message, hint }) => ({ zone, provider, code: 'guard', message, hint })),
    ...result.zones.flatMap(({ zone, provider, failure }) => (failure ? [{ zone, provider, ...failure }] : [])),
  ]
  const failed = new Set(failures.map(({ zone }) => zone))
  return {
    plan: { ...chosen, manual },
    zones: result.zones,
    failures,
    hasFailed: (name) => failed.has(zoneOf(name, compiled.input.zones) ?? ''),
  }
}

function written(
  plan: Plan,
  { providers, io, parallel }: Pick<Parameters<typeof publishKeys>[0], 'providers' | 'io' | 'parallel'>,
): Promise<Pick<ApplyResult, 'zones'>> {
  const { signal, watch } = io
  const writing = progressLine(io, 'writing zones')
  return applyPlan({ plan, providers, parallel, signal, watch, onProgress: writing.update }).finally(writing.end)
}

/** A zone that cannot take what is asked, with why. */
function withProblems(failure: ZoneFailure, { problems }: Plan): ZoneFailure {
  const why = problems.filter(
    ({ severity, zone, provider }) => severity === 'error' && zone === failure.zone && provider === failure.provider,
  )
  if (failure.code !== 'rejected' || why.length === 0) return failure
  return { ...failure, hint: why.map(({ message, hint }) => [message, hint].filter(Boolean).join(': ')).join('; ') }
}
