import { shardsOfSpec } from '../../fleet/shards/shards-of-spec.js'
import { count } from '../../render/words.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'

/** `command: shards`: the matrices for the jobs that follow, offline. */
export async function shardsOutcome(
  { config, planFile, shardCount }: Inputs,
  { io, workspace }: Run,
): Promise<Outcome> {
  const asked = { plan: planFile, count: shardCount }
  const { all, count: shards } = await shardsOfSpec(asked, { file: config, env: {}, within: workspace })
  const { include } = all.rest
  const zones = include.reduce((sum, one) => sum + one.zones, 0)
  const what = planFile === undefined ? 'with zones' : 'with something to write'
  const text = `${include.length} of ${count(shards, 'shard')} ${what}: ${count(zones, 'zone')}.`
  io.out.write(`${text}\n`)
  return { problems: [], shards: all, markdown: () => `### mailsync shards\n\n${text}\n` }
}
