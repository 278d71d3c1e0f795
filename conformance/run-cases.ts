import { AssertionError } from 'node:assert/strict'
import type { Reason } from '../providers/provider.js'
import { MailsyncError } from '../records/error.js'
import { type CaseResult, type ConformanceCase, wordsOf } from './subject.js'

/** How a case ended; `reason` of a failure has several lines. */
export type CaseReport = { readonly title: string } & (
  | CaseResult
  | { readonly outcome: 'failed'; readonly reason: Reason }
)

export interface Watching {
  /** Before each case, with how many are done. */
  onStart?(title: string, done: number): void
  onEnd?(report: CaseReport): void
  /** Why no further case is to be run, asked before each. */
  halted?(): Reason | undefined
}

/** Runs cases one after the other, without a test runner. Gives those that came to their end. */
export async function runCases(
  cases: readonly ConformanceCase[],
  { onStart, onEnd, halted }: Watching = {},
): Promise<readonly CaseReport[]> {
  const reports: CaseReport[] = []
  for (const { title, run } of cases) {
    if (halted?.() !== undefined) break
    onStart?.(title, reports.length)
    const report = await run().then(
      (result): CaseReport => ({ title, ...result }),
      (error: unknown): CaseReport | undefined =>
        isStopped(error) && halted?.() !== undefined
          ? undefined
          : { title, outcome: 'failed', reason: reasonOf(error) },
    )
    if (report === undefined) break
    reports.push(report)
    onEnd?.(report)
  }
  return reports
}

function isStopped(error: unknown): boolean {
  return error instanceof MailsyncError && error.code === 'cancelled'
}

const MOST_LINES = 24

/** What an adapter's author needs to know of a failed case: what was asked for, and how what came differs. */
function reasonOf(error: unknown): Reason {
  if (error instanceof MailsyncError) return wordsOf(error)
  if (!(error instanceof AssertionError))
    return error instanceof Error ? shortened(error.stack ?? error.message) : String(error)
  const { message, actual, expected, operator, generatedMessage } = error
  if (operator !== 'deepStrictEqual' && operator !== 'strictEqual') return shortened(message)
  const difference = new AssertionError({ actual, expected, operator }).message
  const lines = difference
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
  return shortened([...(generatedMessage ? [] : [message]), ...lines].join('\n'))
}

function shortened(text: string): string {
  const lines = text.split('\n')
  return lines.length <= MOST_LINES
    ? text
    : [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines`].join('\n')
}
