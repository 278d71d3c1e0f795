import { relative, resolve, sep } from 'node:path'
import { type AnnotationProperties, error, notice, warning } from '@actions/core'
import { cut } from '../../records/cut.js'
import type { Severity } from '../../records/finding.js'
import type { Problem } from '../problem.js'
import { inert, inertSentence } from '../render/inert.js'
import { fileLineColumn, zoneAt } from '../render/place.js'

const ANNOTATE: Record<Severity, (message: string, properties: AnnotationProperties) => void> = {
  error,
  warning,
  note: notice,
}

/** GitHub shows ten of a kind in a step (2026-11), of which one is that the step failed, or a notice of ours. */
const MOST_OF_A_KIND = 9
/** A message is read beside a line of the spec; the whole of it is in the summary. */
const MOST_CHARACTERS = 1_000

/**
 * Puts the problems at their lines of the spec in GitHub's view of the files, as many as it shows, and says how many there
 * are besides. All of them are in the summary of the run.
 *
 * @param workspace absolute folder of the checkout; annotations name files relative to it
 */
export function annotate(problems: readonly Problem[], workspace: string): void {
  for (const severity of ['error', 'warning', 'note'] as const) {
    const all = problems.filter((one) => one.severity === severity)
    const shown = all.length > MOST_OF_A_KIND ? all.slice(0, MOST_OF_A_KIND - 1) : all
    const more = all.length - shown.length
    for (const problem of shown)
      ANNOTATE[severity](cut(messageOf(problem), MOST_CHARACTERS), propertiesOf(problem, workspace))
    if (more > 0) ANNOTATE[severity](`and ${more} more: see the summary of the run`, { title: 'mailsync' })
  }
}

function messageOf({ message, hint, also, ...place }: Problem): string {
  const zone = place.where === undefined ? '' : zoneAt(place)
  return [
    `${inertSentence(message)}${zone === '' ? '' : ` (${zone})`}`,
    ...(also === undefined ? [] : [`see also ${fileLineColumn(also)}`]),
    ...(hint === undefined ? [] : [inertSentence(hint)]),
  ].join('\n')
}

function propertiesOf(problem: Problem, workspace: string): AnnotationProperties {
  const { rule, where } = problem
  if (where === undefined) return { title: [inert(rule), zoneAt(problem)].filter((part) => part !== '').join(': ') }
  const file = relative(workspace, resolve(where.file)).replaceAll(sep, '/')
  return { title: inert(rule), file: inert(file), startLine: where.line, startColumn: where.column }
}
