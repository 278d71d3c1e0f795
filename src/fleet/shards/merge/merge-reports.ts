import { groupBy } from '../../../../records/group.js'
import { type Check, type Verdict, worstFirst } from '../../../verify/check.js'
import type { VerifyReport } from '../../../verify/report.js'

/**
 * The reports of several shards as one. What several have looked at, such as the host that the mail of all goes through, is told
 * once: as one saw it who could, and of these the worst.
 */
export function mergeReports(reports: readonly Pick<VerifyReport, 'checks' | 'domains'>[]): VerifyReport {
  const told = reports.map(({ checks }) => groupBy(checks, questionOf))
  const best = new Map<string, readonly Check[]>()
  for (const answers of told)
    for (const [question, checks] of answers) {
      const other = best.get(question)
      if (other === undefined || rank(checks) < rank(other)) best.set(question, checks)
    }
  return { checks: [...best.values()].flat().sort(worstFirst), domains: reports.flatMap(({ domains }) => domains) }
}

function questionOf({ id, subject, asked }: Check): string {
  return JSON.stringify([id, subject, asked])
}

/** Lower is told: an answer before none, then the worst. */
function rank(checks: readonly Check[]): number {
  return Math.min(...checks.map(({ verdict }) => ANSWERS.indexOf(verdict)))
}

const ANSWERS: readonly Verdict[] = ['fail', 'warn', 'pass', 'unknown']
