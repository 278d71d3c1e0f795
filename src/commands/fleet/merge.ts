import { MailsyncError } from '../../../records/error.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { type TellOptions, tellPlan } from '../plan/tell-plan.js'
import { tellReport } from '../tell-report.js'

export interface MergeOptions extends TellOptions {
  readonly config: string
  /** Saved plans or saved reports, one a shard. */
  readonly plans?: readonly string[] | undefined
}

/** `mailsync merge`: the plans, or the reports of `verify`, of all shards as one, as if one process had made it. Asks nobody, writes nothing but `--out`. */
export async function mergeCommand({ config, plans: files = [], ...options }: MergeOptions, io: Io): Promise<ExitCode> {
  const [first] = files
  if (first === undefined)
    throw new MailsyncError('usage', 'name the plans of the shards', {
      hint: 'mailsync merge plan-*.json --out plan.json',
    })
  const { isReportFile } = await import('../../verify/report-file.js')
  const spec = { file: config, env: io.env }
  if (!isReportFile(first)) {
    const { mergedPlan } = await import('../../fleet/shards/merge/merged-plan.js')
    return tellPlan({ format: options.format, ...(await mergedPlan(files, spec)) }, options, io)
  }
  const { mergedReport } = await import('../../fleet/shards/merge/merged-report.js')
  const { hasFailed } = await import('../../verify/report.js')
  const report = await mergedReport(files, spec)
  await tellReport(report, options, io)
  return hasFailed(report) ? 1 : 0
}
