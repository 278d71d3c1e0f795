import type { Refusal } from '../../apply/guards.js'
import type { ApplyResult } from '../../apply/result.js'
import type { Plan } from '../../plan/plan.js'
import { jsonText } from './json-text.js'

/** How an apply ended that came as far as a plan, as one JSON document: what was written, what was not, and why. */
export function renderApplyJson(
  { zones, keys, cancelled }: ApplyResult,
  { failures, problems, manual, narrowed }: Pick<Plan, 'failures' | 'problems' | 'manual' | 'narrowed'>,
  refusals: readonly Refusal[],
): string {
  return jsonText({
    format: 'mailsync-apply',
    version: 1,
    zones,
    keys,
    cancelled,
    refusals,
    failures,
    manual,
    problems,
    ...(narrowed && { narrowed }),
  })
}
