import type { Plan } from '../../../plan/plan.js'
import type { Result } from '../../../prove/verdict.js'
import { inert } from '../../inert.js'
import { proofView } from '../../plan/proof-view.js'
import { paint, type Style } from '../paint.js'

const STYLE: Readonly<Record<Result, Style>> = {
  pass: 'green',
  key: 'green',
  softfail: 'yellow',
  neutral: 'yellow',
  unknown: 'yellow',
  none: 'plain',
  theirs: 'plain',
  fail: 'red',
  permerror: 'red',
}

/** A line a mailing with what receivers make of it; below it why something does not pass. */
export function proofLines(proof: Plan['proof'], colour: boolean): string[] {
  if (proof === undefined) return []
  const { head, rows, notes } = proofView(proof)
  const table = rows.map(({ domain, from, cells }): { readonly text: string; readonly style: Style }[] => [
    { text: inert(domain), style: 'bold' },
    { text: inert(from), style: 'plain' },
    ...cells.map(({ text, result }) => ({ text, style: STYLE[result] })),
  ])
  const widths = head.map((title, column) =>
    Math.max(title.length, ...table.map((row) => row[column]?.text.length ?? 0)),
  )
  const line = (cells: readonly { readonly text: string; readonly style: Style }[]): string =>
    cells
      .map(({ text, style }, column) => paint(text, style, colour) + ' '.repeat((widths[column] ?? 0) - text.length))
      .join('  ')
      .trimEnd()
  return [
    ...(rows.length === 0 ? [] : [line(head.map((text) => ({ text, style: 'plain' })))]),
    ...rows.flatMap(({ whys }, index) => [line(table[index] ?? []), ...whys.map((why) => `    ${inert(why)}`)]),
    ...notes.map(inert),
  ]
}
