import { relative, resolve, sep } from 'node:path'
import { type AnnotationProperties, error, notice, warning } from '@actions/core'
import type { Severity } from '../../records/finding.js'
import type { Problem } from '../problem.js'
import { inert, inertSentence } from '../render/inert.js'
import { fileLineColumn, zoneAt } from '../render/place.js'
import { mostUrgent } from '../render/text/problems-text.js'

const ANNOTATE: Record<Severity, (message: string, properties: AnnotationProperties) => void> = {
  error,
  warning,
  note: notice,
}

/**
 * Puts every problem at its line of the spec in GitHub's view of the files, the worst first: GitHub shows ten of a kind in
 * a step.
 *
 * @param workspace absolute folder of the checkout; annotations name files relative to it
 */
export function annotate(problems: readonly Problem[], workspace: string): void {
  for (const problem of mostUrgent(problems, Number.POSITIVE_INFINITY))
    ANNOTATE[problem.severity](messageOf(problem), propertiesOf(problem, workspace))
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
