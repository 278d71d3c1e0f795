import { displayName } from '../../../records/rr/name.js'
import type { Plan } from '../../plan/plan.js'
import { CHECK_NAMES, CHECKS, type Check, passes, type Result, type Verdict } from '../../prove/verdict.js'
import { inert } from '../inert.js'
import { count } from '../words.js'
import { paint, type Style } from './paint.js'

type Proof = NonNullable<Plan['proof']>
type Row = Proof['rows'][number]

const STYLE: Readonly<Record<Result, Style>> = {
  pass: 'green',
  key: 'green',
  softfail: 'yellow',
  neutral: 'yellow',
  unknown: 'yellow',
  none: 'plain',
  fail: 'red',
  permerror: 'red',
}

/** So many rows are shown whatever they say; of more, only those in which something changes or does not pass. */
const MOST_ROWS = 20

/** A line a mailing with what receivers make of it; below it why something does not pass. Worst first. */
export function proofLines(proof: Proof | undefined, colour: boolean): string[] {
  if (proof === undefined) return []
  const { rows, unproven } = proof
  const shown = [...rows].sort((a, b) => severity(b) - severity(a)).slice(0, rows.length <= MOST_ROWS ? MOST_ROWS : -1)
  const told = rows.length <= MOST_ROWS ? shown : shown.filter((row) => severity(row) > 0)
  const cells = told.map(cellsOf)
  const widths = [...HEAD.keys()].map((column) =>
    Math.max(...[HEAD, ...cells.map((row) => row.map(({ text }) => text))].map((row) => (row[column] ?? '').length)),
  )
  const left = rows.length - told.length
  return [
    ...(told.length === 0
      ? []
      : [
          HEAD.map((text, column) => text.padEnd(widths[column] as number))
            .join('  ')
            .trimEnd(),
        ]),
    ...told.flatMap((row, index) => [
      (cells[index] as readonly Cell[])
        .map(
          ({ text, style }, column) =>
            paint(text, style, colour) + ' '.repeat((widths[column] as number) - text.length),
        )
        .join('  ')
        .trimEnd(),
      ...whys(row).map((line) => `    ${line}`),
    ]),
    ...(left > 0 ? [`and ${count(left, 'mailing')} that ${left === 1 ? 'passes' : 'pass'} now and after`] : []),
    ...(rows.some(({ after }) => after.dkim.result === 'key')
      ? ['key: the DKIM record is the right one; the private key is not here to sign with']
      : []),
    ...(unproven.length > 0
      ? [
          `not proven, because the spec names no address that sends for ${unproven.length === 1 ? 'it' : 'them'}: ${unproven
            .slice(0, 8)
            .map((name) => inert(displayName(name)))
            .join(', ')}${unproven.length > 8 ? ` and ${unproven.length - 8} more` : ''}`,
        ]
      : []),
  ]
}

const HEAD: readonly string[] = ['domain', 'from', ...CHECKS.map((check) => CHECK_NAMES[check])]

interface Cell {
  readonly text: string
  readonly style: Style
}

function cellsOf({ domain, address, of, now, after }: Row): Cell[] {
  return [
    { text: inert(displayName(domain)), style: 'bold' },
    { text: inert(of === '' || of.startsWith(address) ? address : `${address} ${of}`), style: 'plain' },
    ...CHECKS.map((check) => resultCell(now[check], after[check])),
  ]
}

function resultCell(now: Verdict, after: Verdict): Cell {
  const text = now.result === after.result ? after.result : `${now.result} → ${after.result}`
  return { text, style: STYLE[after.result] }
}

/** Why something does not pass afterwards, or would not in between. */
function whys({ after, broken = [] }: Row): string[] {
  const between = broken.filter(({ when }) => when === 'between')
  const ends = CHECKS.filter((check) => !passes(after[check]) && after[check].why !== undefined)
  return [
    ...ends.map((check) => `${CHECK_NAMES[check]}: ${inert(after[check].why ?? '')}`),
    ...between.map(
      ({ check, result, why, old = [] }) =>
        `${CHECK_NAMES[check]} in between, while ${old.map(inert).join(' and ')} is still as it was: ${result}${why === undefined ? '' : `, ${inert(why)}`}`,
    ),
  ]
}

/** How much there is to see in a row. */
function severity({ now, after, broken = [] }: Row): number {
  const failing = (check: Check): boolean => !passes(after[check])
  const changes = CHECKS.filter((check) => now[check].result !== after[check].result).length
  return broken.length * 100 + CHECKS.filter(failing).length * 10 + changes
}
