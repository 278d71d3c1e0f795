import type { RawSpec } from '../../src/config/schema.js'
import { type MadePlan, makePlan } from '../../src/plan/make-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import { KEYS, specFrom } from './arbitrary-spec.js'
import type { World } from './world.js'

/** Plans a spec in raw form, whose keys are all made. */
export async function planRaw(world: World, raw: RawSpec): Promise<Plan> {
  return (await madeRaw(world, raw)).plan
}

/** As `planRaw`, with what the spec means. */
export function madeRaw({ providers }: World, raw: RawSpec): Promise<MadePlan> {
  return makePlan({
    file: 'mailsync.yaml',
    spec: specFrom(raw),
    keys: KEYS,
    providers,
    locate: () => ({ file: 'mailsync.yaml', line: 1, column: 1 }),
    problems: [],
    selection: { zones: [], domains: [] },
    today: '2026-11-22',
    parallel: 3,
    signal: new AbortController().signal,
  })
}
