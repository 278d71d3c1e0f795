import type { Plan } from '../../plan/plan.js'
import { parsePlan } from '../../plan/plan-schema.js'
import { jsonText } from './json-text.js'

/**
 * The plan as one JSON document with the keys in the order of plan.schema.json, so that equal plans are equal texts. Throws a
 * ZodError for a plan that could not be read back.
 */
export function renderPlanJson(plan: Plan): string {
  return jsonText(parsePlan(plan))
}
