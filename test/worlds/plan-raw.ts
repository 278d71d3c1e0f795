import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import type { RawSpec } from '../../src/config/schema.js'
import type { Since } from '../../src/fleet/since/since.js'
import { type Made, makePlan } from '../../src/plan/make-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import type { Selection } from '../../src/plan/select.js'
import { KEYS, specFrom } from './arbitrary-spec.js'
import type { World } from './world.js'

/** Plans a spec in raw form; by default its keys are all made, and every zone is looked at. */
export async function planRaw(
  world: World,
  raw: RawSpec,
  keys: readonly DkimPublicKey[] = KEYS,
  since?: Since,
): Promise<Plan> {
  return (await madeRaw(world, raw, keys, since)).plan
}

/** As `planRaw`, with what the spec means; by default of everything. */
export function madeRaw(
  { providers }: World,
  raw: RawSpec,
  keys: readonly DkimPublicKey[] = KEYS,
  since?: Since,
  selection: Selection = { zones: [], domains: [] },
): Promise<Made> {
  return makePlan({
    file: 'mailsync.yaml',
    spec: specFrom(raw),
    keys,
    since,
    providers,
    locate: () => ({ file: 'mailsync.yaml', line: 1, column: 1 }),
    problems: [],
    selection,
    today: '2026-11-22',
    parallel: 3,
    signal: new AbortController().signal,
  })
}
