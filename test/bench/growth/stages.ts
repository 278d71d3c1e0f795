import { type MemoryZones, plugin } from '../../../providers/memory.js'
import type { ProviderPlugin } from '../../../providers/provider.js'
import { compile } from '../../../records/compile.js'
import { keyOf } from '../../../records/rr/rrset.js'
import { applyPlan } from '../../../src/apply/apply-plan.js'
import { loadSpec } from '../../../src/config/load-config.js'
import { onlyFile } from '../../../src/config/only-file.js'
import { makePlan } from '../../../src/plan/make-plan.js'
import { renderPlanText } from '../../render/plan/render-plan.js'
import type { Fleet } from './fleets.js'

/** What a run does, in its order; `plan again` finds nothing to do. */
export const STAGES = ['load', 'compile', 'plan', 'render', 'apply', 'plan again'] as const
export type Stage = (typeof STAGES)[number]

const PARALLEL = 8

/** Seconds of CPU that each stage takes, with zones in memory. */
export async function secondsOfStages({ text, keys, foreign }: Fleet): Promise<Record<Stage, number>> {
  const file = 'mailsync.yaml'
  const times = {} as Record<Stage, number>
  const timed = async <T>(stage: Stage, work: () => T | Promise<T>): Promise<T> => {
    const begin = process.cpuUsage()
    const result = await work()
    const { user, system } = process.cpuUsage(begin)
    times[stage] = (user + system) / 1e6
    return result
  }

  const { spec, locate } = await timed('load', () => loadSpec(file, onlyFile(file, text)))
  if (!spec) throw new Error('the spec of the benchmark is wrong')
  const targets = new Map([...spec.zones].map(([zone, one]) => [zone, one.targets]))
  const compiled = await timed('compile', () => compile(spec, keys, targets))
  const zones: MemoryZones = new Map(
    [...targets.keys()].map((zone) => [zone, new Map(foreign(zone).map((rrset) => [keyOf(rrset), rrset]))]),
  )
  const provider = await plugin.connect({ zones }, { directory: '/', zones: [] })
  const providers = new Map([['dns', { name: 'dns', plugin: plugin as ProviderPlugin, provider }]])
  const { signal } = new AbortController()
  const planned = () =>
    makePlan({
      file,
      spec,
      keys,
      compiled,
      providers,
      locate,
      problems: [],
      selection: { zones: [], domains: [] },
      today: '2026-11-27',
      parallel: PARALLEL,
      signal,
    })
  const { plan } = await timed('plan', planned)
  await timed('render', () => renderPlanText(plan, { colour: false, width: 120, verbose: false }))
  const done = await timed('apply', () => applyPlan({ plan, providers, parallel: PARALLEL, signal }))
  const [failed] = done.zones.flatMap(({ failure }) => failure ?? [])
  if (failed) throw new Error(failed.message)
  const again = await timed('plan again', planned)
  if (again.plan.zones.length > 0) throw new Error('a second plan of the benchmark finds something to do')
  return times
}
