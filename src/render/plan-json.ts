import type { Plan } from '../plan/plan.js'
import { parsePlan } from '../plan/plan-schema.js'

/**
 * What JSON leaves as it is and a terminal or a CI log would obey or hide (see `inert`): written as `\u` escapes, which is
 * the same JSON.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|#(?=#)/gu

/**
 * The plan as one JSON document with the keys in the order of plan.schema.json, so that equal plans are equal texts. Throws
 * a ZodError for a plan that could not be read back.
 */
export function renderPlanJson(plan: Plan): string {
  return `${JSON.stringify(parsePlan(plan), null, 2).replace(/[^\n -~]+|##+/g, (run) => run.replace(UNSEEN, escaped))}\n`
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, index) => {
    return `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}
