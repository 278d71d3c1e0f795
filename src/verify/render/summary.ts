import { count } from '../../render/words.js'
import { countVerdicts, isUnseen, type VerifyReport } from '../report.js'

/** Above the part of a plan that says what is served before it is carried out. */
export const VERIFY_TITLE = 'What receivers see now, before this plan'

/** Why a run in which no check fails counts as failed. */
const UNSEEN = 'Nobody outside answered: nothing is verified.'

/** `12 checks: 10 pass, 1 warning, 1 failure.`, and what more the run fails for. */
export function summaryOf(report: Pick<VerifyReport, 'checks' | 'problems'>): string {
  const { checks } = report
  const { fail, warn, unknown, pass } = countVerdicts(checks)
  const parts = [
    count(pass, 'pass', 'pass'),
    count(warn, 'warning'),
    ...(unknown > 0 ? [count(unknown, 'unknown', 'unknown')] : []),
    count(fail, 'failure'),
  ]
  return [`${count(checks.length, 'check')}: ${parts.join(', ')}.`, ...runFaults(report)].join(' ')
}

/** Why a run fails besides its checks, a sentence each. */
export function runFaults({ checks, problems = [] }: Pick<VerifyReport, 'checks' | 'problems'>): string[] {
  const isBlind = checks.length > 0 && countVerdicts(checks).fail === 0 && isUnseen(checks)
  return [...(isBlind ? [UNSEEN] : []), ...problems.map(({ message }) => `${capitalized(message)}.`)]
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
