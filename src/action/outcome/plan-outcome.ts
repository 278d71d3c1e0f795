import { brokenMail, isUnsound } from '../../apply/guards.js'
import type { MergedPlan } from '../../fleet/shards/merge/merged-plan.js'
import { countChanges, hasChanges, leavesOut, type Plan } from '../../plan/plan.js'
import { renderPlanMarkdown } from '../../render/markdown/plan-markdown.js'
import { summaryOf } from '../../render/plan/plan-summary.js'
import { printPlan } from '../../render/text/plan/print-plan.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'
import { planProblems, refusalProblem } from './plan-problems.js'
import { savePlan } from './save-plan.js'
import { withPlan } from './with-plan.js'

/** `command: plan`: what would change, shown and saved. Nothing is written to DNS. */
export async function planOutcome(inputs: Inputs, run: Run): Promise<Outcome> {
  return withPlan(inputs, run, (planned) => plannedOutcome(planned, inputs, run))
}

/** Shows and saves a plan, be it made here or merged. */
export async function plannedOutcome(
  { plan, compiled, session }: Pick<MergedPlan, 'plan' | 'compiled' | 'session'>,
  inputs: Inputs,
  run: Run,
): Promise<Outcome> {
  const { io, event } = run
  printPlan(io.out, plan)
  const files = await savePlan({ plan, compiled }, session, inputs.planFile, run)
  const failure = failureOf(plan, inputs)
  return {
    ...(failure === undefined ? {} : { failure }),
    problems: [...plan.problems, ...planProblems(plan), ...brokenMail(plan).map(refusalProblem)],
    counts: countChanges(plan.zones),
    ...driftOf(plan),
    files,
    markdown: (limit) => renderPlanMarkdown(plan, { limit, artifactUrl: `${event.runUrl}#artifacts` }),
  }
}

function failureOf(plan: Plan, { failOnDrift }: Inputs): string | undefined {
  if (!isComplete(plan)) return summaryOf(plan)
  const [broken] = brokenMail(plan)
  if (broken) return broken.message
  return failOnDrift && hasChanges(plan) ? `DNS is not as the spec says: ${summaryOf(plan)}` : undefined
}

/** That DNS is as the spec says is not known where zones were not looked at. */
function driftOf(plan: Plan): Pick<Outcome, 'drift'> {
  if (!isComplete(plan)) return {}
  if (hasChanges(plan)) return { drift: true }
  return leavesOut(plan) ? {} : { drift: false }
}

function isComplete(plan: Plan): boolean {
  return plan.failures.length === 0 && !isUnsound(plan)
}
