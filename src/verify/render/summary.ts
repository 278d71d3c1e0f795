import { count } from '../../render/words.js'
import type { Check } from '../check.js'
import { countVerdicts, hasFailed } from '../report.js'

/** Above the part of a plan that says what is served before it is carried out. */
export const VERIFY_TITLE = 'What receivers see now, before this plan'

/** Why a run in which no check fails counts as failed. */
export const UNSEEN = 'Nobody outside answered: nothing is verified.'

/** `12 checks: 10 pass, 1 warning, 1 failure.` */
export function summaryOf(checks: readonly Check[]): string {
  const { fail, warn, unknown, pass } = countVerdicts(checks)
  const parts = [
    count(pass, 'pass', 'pass'),
    count(warn, 'warning'),
    ...(unknown > 0 ? [count(unknown, 'unknown', 'unknown')] : []),
    count(fail, 'failure'),
  ]
  const isUnseen = checks.length > 0 && fail === 0 && hasFailed(checks)
  return `${count(checks.length, 'check')}: ${parts.join(', ')}.${isUnseen ? ` ${UNSEEN}` : ''}`
}
