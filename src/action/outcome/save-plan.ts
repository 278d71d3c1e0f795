import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import type { Compiled } from '../../../records/compile.js'
import type { Plan } from '../../plan/plan.js'
import { renderPlanJson } from '../../render/json/plan-json.js'
import { renderPlanHtml } from '../../report/report.js'
import type { Session } from '../../session.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'

/** Writes the plan as JSON, to `file` or a new folder in `temporary`, and the report. Gives their absolute paths. Throws `io`. */
export async function savePlan(
  { plan, compiled }: { readonly plan: Plan; readonly compiled: Compiled },
  { spec, locate, isPart }: Session,
  file: string | undefined,
  { io, temporary }: Pick<Run, 'io' | 'temporary'>,
): Promise<NonNullable<Outcome['files']>> {
  const folder = await mkdtemp(join(temporary, 'mailsync-'))
  const files = { plan: resolve(file ?? join(folder, 'plan.json')), report: join(folder, 'report.html') }
  try {
    await mkdir(dirname(files.plan), { recursive: true })
    await writeFile(files.plan, io.redaction.text(renderPlanJson(plan)))
    await writeFile(files.report, io.redaction.text(renderPlanHtml({ plan, spec, compiled, locate, isPart })))
    return files
  } catch (error) {
    throw fileError(error, files.plan)
  }
}
