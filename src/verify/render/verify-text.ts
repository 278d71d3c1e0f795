import { displayName, type Name } from '../../../records/rr/name.js'
import { inert, inertSentence } from '../../render/inert.js'
import { stringWidth } from '../../render/string-width.js'
import { paint, type Style } from '../../render/text/paint.js'
import { count } from '../../render/words.js'
import { CHECKS, type Check, type Verdict } from '../check.js'
import type { DomainReport, VerifyReport } from '../report.js'
import { receiversSentences } from './receivers-sentence.js'
import { summaryOf } from './summary.js'

const STYLE: Record<Verdict, Style> = { fail: 'red', unknown: 'yellow', warn: 'yellow', pass: 'green' }
const WIDTH = 'unknown'.length
/** A longer subject pushes nothing. */
const MOST_WIDTH = 32
/** Checks of a kind that are shown; of more, how many there are. */
const MOST_ROWS = 200
/** Domains whose receivers are told one by one. */
const MOST_DOMAINS = 20

/** A table, worst first; what passes is counted, or with `verbose` shown as well. Then what large receivers would do. */
export function renderVerifyText(report: VerifyReport, options: VerifyTextOptions): string {
  return verifyLines(report, options)
    .map((line) => `${line}\n`)
    .join('')
}

export interface VerifyTextOptions {
  readonly colour: boolean
  readonly verbose: boolean
}

/** The lines of {@link renderVerifyText}, for a place among others. */
export function verifyLines(report: VerifyReport, { colour, verbose }: VerifyTextOptions): string[] {
  const { checks } = report
  const shown = checks.filter(({ verdict }) => verbose || verdict !== 'pass').slice(0, MOST_ROWS)
  const rest = checks.filter((check) => !shown.includes(check))
  const width = Math.min(MOST_WIDTH, Math.max(0, ...shown.map((check) => stringWidth(subjectText(check)))))
  return [
    ...shown.flatMap((check) => checkLines(check, width, colour)),
    ...passing(rest, colour),
    ...notShown(rest),
    '',
    ...receiverLines(report.domains),
    summaryOf(report),
  ]
}

function checkLines(check: Check, width: number, colour: boolean): string[] {
  const { verdict, id, seen, todo, asked, explained } = check
  const head = `${paint(verdict.padEnd(WIDTH), STYLE[verdict], colour)}  ${subjectText(check).padEnd(width)}  ${id}: ${inertSentence(seen)}`
  const indent = ' '.repeat(WIDTH + 2)
  if (verdict === 'pass') return [head]
  return [
    head,
    ...(todo === undefined ? [] : [`${indent}→ ${inertSentence(todo)}`]),
    paint(`${indent}asked ${inertSentence(asked)} (${explained})`, 'dim', colour),
  ]
}

function subjectText({ subject }: Check): string {
  return inert(subject.kind === 'address' ? subject.name : displayName(subject.name as Name))
}

/** What passes, by topic: `pass     61 checks: SPF 12, DKIM 9 …`. */
function passing(checks: readonly Check[], colour: boolean): string[] {
  const passed = checks.filter(({ verdict }) => verdict === 'pass')
  if (passed.length === 0) return []
  const topics = new Map<string, number>()
  for (const { id } of passed) topics.set(CHECKS[id].topic, (topics.get(CHECKS[id].topic) ?? 0) + 1)
  const told = [...topics].map(([topic, number]) => `${topic} ${count(number, '', '').trimEnd()}`).join(', ')
  return [`${paint('pass'.padEnd(WIDTH), STYLE.pass, colour)}  ${count(passed.length, 'check')}: ${told}`]
}

function notShown(checks: readonly Check[]): string[] {
  const hidden = checks.filter(({ verdict }) => verdict !== 'pass').length
  return hidden === 0 ? [] : [`and ${count(hidden, 'more', 'more')}; --format json has all of them`]
}

/** Of many domains only those that some receiver would not take mail of. */
function receiverLines(domains: readonly DomainReport[]): string[] {
  const sending = domains.filter(({ receivers }) => receivers.length > 0)
  const isTaken = ({ receivers }: DomainReport): boolean => receivers.every(({ takes }) => takes === 'yes')
  const told = sending.length <= MOST_DOMAINS ? sending : sending.filter((one) => !isTaken(one)).slice(0, MOST_DOMAINS)
  const taken = sending.filter(isTaken).length
  const names = sending[0]?.receivers.map(({ receiver }) => receiver).join(', ')
  const all =
    sending.length > MOST_DOMAINS
      ? [`Mail of ${taken} of ${count(sending.length, 'domain')} would be taken by ${names}, as far as DNS tells.`]
      : []
  const lines = [...told.flatMap(receiversSentences).map(inertSentence), ...all]
  return lines.length === 0 ? [] : [...lines, '']
}
