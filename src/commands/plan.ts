import { writeFile } from 'node:fs/promises'
import { fileError } from '../../providers/files/file-error.js'
import type { Compiled } from '../../records/compile.js'
import { isUnsound } from '../apply/guards.js'
import type { ExitCode, Io } from '../io.js'
import { hasChanges, type Plan } from '../plan/plan.js'
import { renderPlanText } from '../render/text/plan-text.js'
import { closeAll, openSession, type Session } from '../session.js'
import { planFor, type RunOptions } from './options.js'

export interface PlanOptions extends RunOptions {
  readonly format: 'text' | 'json' | 'markdown' | 'html'
  /** File the plan is saved to, for `apply FILE`. */
  readonly out?: string | undefined
  readonly detailedExitcode: boolean
  /** Long values in full, and values that stay. */
  readonly verbose: boolean
}

/** `mailsync plan`: reads, compares, shows. Writes nothing but the file that `--out` names. */
export async function planCommand(options: PlanOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: options.config, env: io.env, online: true })
  const providers = await session.connect()
  try {
    const { plan, compiled } = await planFor(session, providers, options, io)
    io.out.write(await render(plan, compiled, session, options, io))
    if (options.out !== undefined) {
      const { renderPlanJson } = await import('../render/json/plan-json.js')
      await save(options.out, renderPlanJson(plan))
      io.err.write(`The plan is saved in ${options.out}; carry it out with: mailsync apply ${options.out}\n`)
    }
    return exitCode(plan, options.detailedExitcode)
  } finally {
    await closeAll(providers)
  }
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw fileError(error, file)
  }
}

async function render(
  plan: Plan,
  compiled: Compiled,
  { spec, locate }: Session,
  { format, verbose }: PlanOptions,
  { out }: Io,
): Promise<string> {
  if (format === 'json') return (await import('../render/json/plan-json.js')).renderPlanJson(plan)
  if (format === 'markdown') return (await import('../render/markdown/plan-markdown.js')).renderPlanMarkdown(plan)
  if (format === 'text') return renderPlanText(plan, { colour: out.colour, width: out.columns, verbose })
  const { renderPlanHtml } = await import('../report/report.js')
  return renderPlanHtml({ plan, spec, compiled, locate })
}

function exitCode(plan: Plan, detailed: boolean): ExitCode {
  if (plan.failures.some(({ code }) => code === 'bug')) return 70
  if (plan.failures.length > 0 || isUnsound(plan)) return 1
  return detailed && hasChanges(plan) ? 2 : 0
}
