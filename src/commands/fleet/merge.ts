import { MailsyncError } from '../../../records/error.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { type TellOptions, tellPlan } from '../plan/tell-plan.js'

export interface MergeOptions extends TellOptions {
  readonly config: string
  /** Saved plans, one a shard. */
  readonly plans?: readonly string[] | undefined
}

/** `mailsync merge`: the plans of all shards as one, as if one process had made it. Asks nobody, writes nothing but `--out`. */
export async function mergeCommand({ config, plans = [], ...options }: MergeOptions, io: Io): Promise<ExitCode> {
  if (plans.length === 0)
    throw new MailsyncError('usage', 'name the plans of the shards', {
      hint: 'mailsync merge plan-*.json --out plan.json',
    })
  const { mergedPlan } = await import('../../fleet/shards/merged-plan.js')
  return tellPlan(await mergedPlan(plans, { file: config, env: io.env }), options, io)
}
