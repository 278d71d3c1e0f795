import type { ApplyResult, ZoneOutcome } from '../../apply/result.js'
import { countChanges, leavesOut, type Plan } from '../../plan/plan.js'
import type { Problem } from '../../problem.js'
import { markdownSentence } from '../../render/markdown/markdown.js'
import { renderPlanMarkdown } from '../../render/markdown/plan-markdown.js'
import { problemList } from '../../render/markdown/problem-markdown.js'
import { applySummaryOf } from '../../render/text/apply-summary.js'
import { count } from '../../render/words.js'
import type { Outcome } from './outcome.js'
import { failureProblem } from './plan-problems.js'

/** What an apply did. */
export function appliedOutcome(plan: Plan, result: ApplyResult): Outcome {
  const failures = [...plan.failures.map(failureProblem), ...result.zones.flatMap(zoneProblems)]
  const summary = applySummaryOf(result)
  const isOpen =
    failures.length > 0 || result.zones.some(({ byHand, waitsFor }) => byHand !== undefined || waitsFor !== undefined)
  return {
    ...(failures.length > 0 ? { failure: summary } : {}),
    problems: [...plan.problems, ...failures, ...result.zones.flatMap(memoryProblem)],
    counts: countChanges(
      result.zones.map(({ applied }, index) => ({ ...(plan.zones[index] as Plan['zones'][number]), changes: applied })),
    ),
    ...(isOpen ? { drift: true } : leavesOut(plan) ? {} : { drift: false }),
    markdown: (limit) => markdown(plan, summary, failures, limit),
  }
}

function zoneProblems({ zone, provider, failure, applied, uncertain }: ZoneOutcome): Problem[] {
  if (!failure) return []
  const written = applied.length + uncertain.length > 0 ? `; ${count(applied.length, 'change')} before that stay` : ''
  return [failureProblem({ ...failure, message: `${failure.message}${written}`, zone, provider })]
}

/** A runner is thrown away after the job, and with it what is not committed. */
function memoryProblem({ zone, provider, memory }: ZoneOutcome): Problem[] {
  if (memory === undefined) return []
  const hint = 'commit it in a later step of the job; without it these records count as somebody else’s'
  return [
    {
      rule: 'memory-to-commit',
      severity: 'warning',
      message: `${memory} says anew what mailsync owns`,
      hint,
      zone,
      provider,
    },
  ]
}

/** The share of the limit for what failed. */
const SHARE = 0.3

function markdown(plan: Plan, summary: string, failures: readonly Problem[], limit: number): string {
  const head = [
    '### mailsync apply',
    '',
    `**${markdownSentence(summary)}**`,
    '',
    problemList(failures, limit * SHARE),
    ...(plan.zones.length === 0 ? [] : ['What was planned:', '']),
  ].join('\n')
  return plan.zones.length === 0
    ? `${head}\n`
    : `${head}\n${renderPlanMarkdown(plan, { limit: limit - head.length - 1 })}`
}
