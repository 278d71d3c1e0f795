import type { Compiled } from '../../../records/compile.js'
import { brokenMail, isUnsound } from '../../apply/guards.js'
import { type ExitCode, exitCodeOf } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { hasChanges, type Plan } from '../../plan/plan.js'
import { printPlan } from '../../render/text/plan/print-plan.js'
import { print } from '../../render/text/print.js'
import type { Session } from '../../session.js'
import { saveText } from '../save-text.js'

/** How a plan is told. */
export interface TellOptions {
  readonly format: 'text' | 'json' | 'markdown' | 'html'
  /** File the plan is saved to, for `apply FILE`. */
  readonly out?: string | undefined
  readonly detailedExitcode: boolean
  /** Long values in full, and values that stay. */
  readonly verbose: boolean
}

/** A plan, and what it is of where the form shows that: of very many zones it takes as much memory as their plan. */
export type ToldPlan =
  | { readonly format: Exclude<TellOptions['format'], 'html'>; readonly plan: Plan }
  | {
      readonly format: 'html'
      readonly plan: Plan
      readonly compiled: Compiled
      readonly session: Pick<Session, 'spec' | 'locate' | 'isPart'>
    }

/** Prints a plan in the form that is asked for, saves it where that is asked for, and says how the command ends. */
export async function tellPlan(told: ToldPlan, options: Omit<TellOptions, 'format'>, io: Io): Promise<ExitCode> {
  const { plan } = told
  const { out, verbose } = options
  if (told.format === 'text') printPlan(io.out, plan, { verbose })
  else io.out.write(await render(told))
  if (out !== undefined) {
    const { renderPlanJson } = await import('../../render/json/plan-json.js')
    await saveText(out, io.redaction.text(renderPlanJson(plan)))
    print(io.err, `The plan is saved in ${out}; carry it out with: mailsync apply ${out}\n`)
  }
  return exitCode(plan, options.detailedExitcode)
}

async function render(told: ToldPlan): Promise<string> {
  const { format, plan } = told
  if (format === 'html') {
    const { renderPlanHtml } = await import('../../report/report.js')
    const { compiled, session } = told
    return renderPlanHtml({ plan, compiled, spec: session.spec, locate: session.locate, isPart: session.isPart })
  }
  if (format === 'markdown') return (await import('../../render/markdown/plan-markdown.js')).renderPlanMarkdown(plan)
  return (await import('../../render/json/plan-json.js')).renderPlanJson(plan)
}

function exitCode(plan: Plan, detailed: boolean): ExitCode {
  const failed = exitCodeOf([
    ...plan.failures,
    ...(isUnsound(plan) ? [{ code: 'spec' }] : []),
    ...brokenMail(plan).map(() => ({ code: 'guard' })),
  ])
  return failed === 0 && detailed && hasChanges(plan) ? 2 : failed
}
