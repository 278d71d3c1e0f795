import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { mergedPlan } from '../../fleet/shards/merge/merged-plan.js'
import { mergedReport } from '../../fleet/shards/merge/merged-report.js'
import type { Inputs } from '../inputs.js'
import { assertOwnFile } from '../own-file.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'
import { plannedOutcome } from './plan-outcome.js'
import { verifiedOutcome } from './verified-outcome.js'

/** `command: merge`: what all shards would change, shown and saved as one plan; or what receivers see of all, as one report. */
export async function mergeOutcome(inputs: Inputs, run: Run): Promise<Outcome> {
  const { io, workspace } = run
  const { config, plans, reports } = inputs
  const files = await savedBelow(plans ?? reports ?? '')
  for (const file of files) assertOwnFile(file, workspace)
  const spec = { file: config, env: io.env, within: workspace }
  if (reports === undefined) return plannedOutcome(await mergedPlan(files, spec), inputs, run)
  return verifiedOutcome(await mergedReport(files, spec), { problems: [], isPart: false }, run)
}

/** What shards saved in a folder and those below it, as an artifact of each shard is downloaded into a folder of its own. Throws `io`. */
async function savedBelow(folder: string): Promise<string[]> {
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
