import type { Severity } from '../../../../records/finding.js'
import type { Problem } from '../../../problem.js'
import { inert, inertSentence } from '../../inert.js'
import { fileLineColumn, zoneAt } from '../../place.js'
import { withUnicode } from '../../value/unicode-names.js'
import { count } from '../../words.js'
import { paint, type Style } from '../paint.js'

const STYLE: Record<Severity, Style> = { error: 'red', warning: 'yellow', note: 'dim' }
const MAX_COLUMN = 40

/**
 * One line a problem, `mailsync.yaml:12:5  error  message  [rule]`, its hint below it, and the count of them last. Of more
 * than `limit` (default 50) the errors are shown first, and of the rest how many each rule has. Empty without problems.
 */
export function renderProblems(
  problems: readonly Problem[],
  { colour, limit = 50 }: { colour: boolean; limit?: number },
): string {
  if (problems.length === 0) return ''
  const shown = mostUrgent(problems, limit)
  const width = Math.max(...shown.map((problem) => placeOf(problem).length).filter((length) => length <= MAX_COLUMN), 0)
  const lines = shown.flatMap((problem) => problemLines(problem, width, colour))
  return [...lines, ...leftOut(problems, shown), countBySeverity(problems), ''].join('\n')
}

/** The first `limit` problems as they come; where some have to be left out, errors come before warnings and notes. */
export function mostUrgent(problems: readonly Problem[], limit: number): Problem[] {
  if (problems.length <= limit) return [...problems]
  const of = (severity: Severity): Problem[] => problems.filter((problem) => problem.severity === severity)
  return [...of('error'), ...of('warning'), ...of('note')].slice(0, limit)
}

/** `2 errors, 1 warning` */
function countBySeverity(problems: readonly Problem[]): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const number = problems.filter((problem) => problem.severity === severity).length
    return number === 0 ? [] : [count(number, severity)]
  })
  return counts.join(', ')
}

/** How many problems each rule has among those that are not shown, most first: `9,000 mx-is-address`. */
function countByRule(problems: readonly Problem[], shown: readonly Problem[]): string[] {
  const hidden = new Set(problems)
  for (const problem of shown) hidden.delete(problem)
  const byRule = new Map<string, number>()
  for (const { rule } of hidden) byRule.set(rule, (byRule.get(rule) ?? 0) + 1)
  return [...byRule].sort(([, a], [, b]) => b - a).map(([rule, number]) => count(number, inert(rule), inert(rule)))
}

function leftOut(problems: readonly Problem[], shown: readonly Problem[]): string[] {
  const rules = countByRule(problems, shown)
  return rules.length === 0 ? [] : [`and ${count(problems.length - shown.length, 'more', 'more')}: ${rules.join(', ')}`]
}

function problemLines(problem: Problem, width: number, colour: boolean): string[] {
  const { severity, message, rule, hint, also, where } = problem
  const zone = where === undefined ? '' : zoneAt(problem)
  const place = placeOf(problem)
  const head = [
    ...(width === 0 && place === '' ? [] : [place.padEnd(width)]),
    paint(severity.padEnd('warning'.length), STYLE[severity], colour),
    withUnicode(`${inertSentence(message)}${zone === '' ? '' : ` (${zone})`}`),
    paint(`[${inert(rule)}]`, 'dim', colour),
  ]
  return [
    head.join('  '),
    ...(also === undefined ? [] : [`    see also ${fileLineColumn(also)}`]),
    ...(hint === undefined ? [] : [`    ${inertSentence(hint)}`]),
  ]
}

function placeOf(problem: Problem): string {
  return problem.where === undefined ? zoneAt(problem) : fileLineColumn(problem.where)
}
