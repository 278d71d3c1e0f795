import type { CaseReport } from '../../../conformance/run-cases.js'
import { version } from '../../cli/version.js'
import { inert } from '../inert.js'
import { inertLines } from '../inert-lines.js'
import { type ConformanceRun, countOf } from '../json/conformance-json.js'
import { count } from '../words.js'
import { paint, type Style } from './paint.js'

interface View {
  readonly colour: boolean
}

const WORDS: Record<CaseReport['outcome'], readonly [word: string, style: Style]> = {
  passed: ['passed', 'green'],
  failed: ['FAILED', 'red'],
  rejected: ['rejected', 'yellow'],
  skipped: ['skipped', 'dim'],
}
/** How a failure for a rejection begins. */
const UNNAMED = 'rejected, and no exception names it'
const WIDTH = 'rejected'.length

/** What is about to be run, and where the suite's names are. */
export function conformanceHead({
  class: type,
  views,
  addresses,
  cleared,
  total,
}: Omit<ConformanceRun, 'reports' | 'halted' | 'leftovers'>): string {
  const places = views.map(({ zone, at, apex, below }) => {
    const names = apex === below ? `is ${below}` : `is ${apex} at its apex, and ${below} above its other names`
    return `In ${at} what the suite calls ${zone} ${names}`
  })
  const tried = [...(addresses?.addresses ?? [])].map(
    ([suite, address]) =>
      `The PTR of ${address}, which the suite calls ${suite}, is set to names right below ${addresses?.name} and given back.`,
  )
  const meanwhile =
    tried.length === 0 ? [] : ['At the end it is the provider’s default. Until then, mail from there may be refused.']
  const gone =
    cleared.length === 0
      ? []
      : [
          `${count(cleared.length, 'record set')} that a killed run had left ${cleared.length === 1 ? 'is' : 'are'} removed.`,
        ]
  return `${[`${inert(type)}: ${count(total, 'conformance case')} of mailsync ${version}.`, ...places, ...tried, ...meanwhile, ...gone].join('\n')}\n\n`
}

function placesOf(views: ConformanceRun['views'], addresses: ConformanceRun['addresses']): string {
  return addresses
    ? `at ${[...addresses.addresses.values()].join(', ')}.`
    : `in ${views.map(({ at }) => at).join(', ')}`
}

/** How one case ended, with the reason. */
export function reportLines(report: CaseReport, { colour }: View): string {
  const [word, style] = WORDS[report.outcome]
  const reason = 'reason' in report ? inertLines(report.reason) : []
  const indent = ' '.repeat(WIDTH + 2)
  return [
    `${paint(word, style, colour)}${' '.repeat(WIDTH + 2 - word.length)}${report.title}\n`,
    ...reason.map((line) => `${indent}${line}\n`),
  ].join('')
}

/** The sum, and what has to be done about it. */
export function conformanceTail(run: ConformanceRun, { colour }: View): string {
  const { reports, total, halted, leftovers, views, addresses } = run
  const counts = (['passed', 'failed', 'rejected', 'skipped'] as const).map(
    (outcome) => `${countOf(run, outcome)} ${outcome}`,
  )
  const sum = `${counts.join(', ')}, of ${count(total, 'case')}.`
  const rest = total - reports.length
  return [
    '',
    paint(sum, countOf(run, 'failed') > 0 ? 'red' : 'bold', colour),
    ...(halted === undefined ? [] : [`Ended before the last ${count(rest, 'case')}: ${inert(halted)}.`]),
    ...(leftovers.length === 0 ? [`Nothing of it is left ${placesOf(views, addresses)}`] : []),
    ...leftovers.flatMap(({ zone, left, reason }) => [
      `${paint('LEFT', 'red', colour)} in ${zone}: ${left.length === 0 ? 'unknown, it could not be read' : inert(left.join(', '))}`,
      ...(reason === undefined ? [] : [`  ${inert(reason)}`]),
      '  Run the same command again, which clears what is the suite’s, or remove it by hand.',
    ]),
    ...(reports.some((report) => report.outcome === 'failed' && report.reason.startsWith(UNNAMED))
      ? ['Where the provider really cannot hold a record, the adapter names it in its `exceptions`.']
      : []),
    '',
  ].join('\n')
}
