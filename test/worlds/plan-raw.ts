import type { RawSpec } from '../../src/config/schema.js'
import { makePlan } from '../../src/plan/make-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import { KEYS, specFrom } from './arbitrary-spec.js'
import type { World } from './world.js'

/** Plans a spec in raw form, whose keys are all made. */
export async function planRaw({ providers }: World, raw: RawSpec): Promise<Plan> {
  const { plan } = await makePlan({
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
  return plan
}
