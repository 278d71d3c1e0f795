import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { mergedPlan } from '../../fleet/shards/merged-plan.js'
import type { Inputs } from '../inputs.js'
import { assertOwnFile } from '../own-file.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'
import { plannedOutcome } from './plan-outcome.js'

/** `command: merge`: what all shards would change, shown and saved as one plan. */
export async function mergeOutcome(inputs: Inputs, run: Run): Promise<Outcome> {
  const { io, workspace } = run
  const files = await plansBelow(inputs.plans ?? '')
  for (const file of files) assertOwnFile(file, workspace)
  return plannedOutcome(await mergedPlan(files, { file: inputs.config, env: io.env, within: workspace }), inputs, run)
}

/** The plans in a folder and those below it, as an artifact of each shard is downloaded into a folder of its own. Throws `io`. */
async function plansBelow(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true })
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name))
  } catch (error) {
    throw fileError(error, folder)
  }
}
