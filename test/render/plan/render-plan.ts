import type { Plan } from '../../../src/plan/plan.js'
import { type PlanTextOptions, planSections } from '../../../src/render/text/plan/plan-text.js'

/** All that is printed of a plan, before its lines are broken. */
export function renderPlanText(plan: Plan, options: PlanTextOptions): string {
  return [...planSections(plan, options)].join('\n')
}
