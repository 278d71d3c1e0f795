import type { Finding, Severity, SpecPath } from '../records/finding.js'
import type { Position } from '../yaml/source-texts.js'

/** Something to tell the user, with its place where it has one. The one form all stages report in. */
export interface Problem {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  readonly where?: Position
  /** Where the other half stands, of what takes two. */
  readonly also?: Position
  readonly provider?: string
  readonly zone?: string
}

/** Turns places in the spec into places in its files. */
export type Locate = (path: SpecPath, at?: 'key' | 'value') => Position

export function toProblem({ rule, severity, message, hint, from, atKey, also }: Finding, locate: Locate): Problem {
  return {
    rule,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    where: locate(from, atKey ? 'key' : 'value'),
    ...(also === undefined ? {} : { also: locate(also, 'key') }),
  }
}

/** An error that has no place in a file: of the command line, or of what DNS shows. */
export function unplaced(rule: string, message: string, hint?: string): Problem {
  return { rule, severity: 'error', message, ...(hint !== undefined && { hint }) }
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}

/** A spec with errors: all of them at once, and nothing was begun. */
export class SpecErrors extends Error {
  override readonly name = 'SpecErrors'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const errors = problems.filter(({ severity }) => severity === 'error').length
    super(errors === 1 ? '1 error in the spec' : `${errors} errors in the spec`)
    this.problems = problems
  }
}

/** Problems in the order of the text; those without a place come last. */
export function inTextOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => comparePositions(a.where, b.where))
}

function comparePositions(a: Position | undefined, b: Position | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b)
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
}
