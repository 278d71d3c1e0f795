import type { Plan } from '../../plan/plan.js'
import { parsePlan } from '../../plan/plan-schema.js'
import { UNSEEN } from '../inert.js'

/**
 * The plan as one JSON document with the keys in the order of plan.schema.json, so that equal plans are equal texts. What JSON
 * leaves as it is and a terminal or a CI log would obey or hide (see `inert`) is written as `\u` escapes, which is the same
 * JSON. Throws a ZodError for a plan that could not be read back.
 */
export function renderPlanJson(plan: Plan): string {
  const text = JSON.stringify(parsePlan(plan), null, 2)
  return `${text.replace(/[^\n -~]+/g, (run) => run.replace(UNSEEN, escaped)).replace(/#(?=#)/g, escaped)}\n`
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, index) => {
    return `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}
