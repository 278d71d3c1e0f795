import type { Problem } from '../../problem.js'
import { fileLineColumn, zoneAt } from '../place.js'
import { mostUrgent } from '../text/faults/problems-text.js'
import { count } from '../words.js'
import { fitting } from './fitting.js'
import { codeSpan, markdownSentence } from './markdown.js'

const MORE = 30

/** Problems as a list of at most `limit` characters, the worst first where some have no room. Empty without problems. */
export function problemList(problems: readonly Problem[], limit: number): string {
  const items = problems.map(problemItem)
  const all = items.join('\n').length + 1 <= limit
  const chosen = all ? items : mostUrgent(problems, problems.length - 1).map(problemItem)
  const shown = all ? chosen : fitting(chosen, limit - MORE, (item) => item.length + 1)
  const rest = items.length - shown.length
  return [...shown, ...(rest > 0 ? [`- and ${count(rest, 'more', 'more')}`] : [])].map((item) => `${item}\n`).join('')
}

/** A problem as an item of a list: how bad, where, what, which rule, and what to do. */
export function problemItem(problem: Problem): string {
  const { severity, rule, message, hint, where } = problem
  const place = where === undefined ? zoneAt(problem) : fileLineColumn(where)
  const prefix = place === '' ? '' : `${codeSpan(place)} `
  const advice = hint === undefined ? '' : `<br>${markdownSentence(hint)}`
  return `- **${severity}** ${prefix}${markdownSentence(message)} (${codeSpan(rule)})${advice}`
}
