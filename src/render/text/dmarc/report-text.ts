import { displayName, type Name } from '../../../../records/rr/name.js'
import type { ReadReports } from '../../../dmarc/reports/read-reports.js'
import type { DomainSummary, Source } from '../../../dmarc/reports/summary.js'
import { KIND_TITLES, KINDS, percentText } from '../../../dmarc/reports/words.js'
import { dayOf } from '../../../instant.js'
import type { Locate } from '../../../problem.js'
import { inert, inertSentence } from '../../inert.js'
import { fileLine } from '../../place.js'
import { count } from '../../words.js'
import { paint, type Style } from '../paint.js'
import { snippet } from '../relays-text.js'

interface Options {
  readonly colour: boolean
  readonly locate: Locate
}

const STYLES = {
  failing: 'red',
  unlisted: 'yellow',
  list: 'yellow',
  forwarded: 'dim',
  ours: 'green',
  stranger: 'dim',
} as const

/** Sources of a kind that are told one by one; the others are added up. */
const SHOWN = 10
const SHOWN_ADDRESSES = 3

/** What reports say, domain by domain and source by source, what is to be done first. Texts of reports are a stranger's. */
export function renderDmarcReport(domains: readonly DomainSummary[], read: ReadReports, options: Options): string {
  const parts = [...domains.map((domain) => domainLines(domain, options)), faultLines(read, options)]
  const text = parts.flatMap((lines) => (lines.length === 0 ? [] : [`${lines.join('\n')}\n`])).join('\n')
  return `${text}${text === '' ? '' : '\n'}${dmarcReportSummary(domains, read)}\n`
}

/** What was read, and what came of it, in a sentence or two. */
export function dmarcReportSummary(domains: readonly DomainSummary[], read: ReadReports): string {
  const messages = domains.reduce((sum, domain) => sum + domain.messages, 0)
  const known = domains.filter(({ spec }) => spec !== undefined).length
  const more = [
    ...(read.duplicates > 0 ? [`${count(read.duplicates, 'duplicate')} left out`] : []),
    ...(read.others > 0 ? [`${count(read.others, 'file or message', 'files or messages')} without a report`] : []),
    ...(read.faults.length > 0 ? [`${read.faults.length} that cannot be read`] : []),
  ]
  return `${count(read.reports, 'report')} of ${count(messages, 'message')} for ${count(known, 'domain')} of the spec${more.map((one) => `; ${one}`).join('')}.`
}

function domainLines(summary: DomainSummary, options: Options): string[] {
  const { domain, spec, begin, end, reports, reporters, policy, messages, passing, sources } = summary
  const { colour } = options
  const name = paint(inert(displayName(domain)), 'bold', colour)
  const period = [...new Set([dayOf(begin), dayOf(end)])].join(' to ')
  const by = [...reporters].sort((a, b) => b[1] - a[1]).map(([org]) => inertSentence(org))
  const others = by.length > 4 ? `, and ${by.length - 3} others` : ''
  const who = `${by.slice(0, others === '' ? 4 : 3).join(', ')}${others}`
  const head = [
    `${name}  ${count(messages, 'message')}, ${percentText(passing, messages)} pass`,
    `  ${period}, ${count(reports, 'report')} by ${who}; published: ${policy === undefined ? 'no policy' : `p=${policy}`}`,
  ]
  if (spec === undefined) return [...head, '  It is no domain of the spec, so nothing is known of its senders.']
  return [...head, ...KINDS.flatMap((kind) => kindLines(kind, sources, options, spec.name))]
}

function kindLines(kind: Source['kind'], all: readonly Source[], options: Options, domain: Name): string[] {
  const sources = all.filter((source) => source.kind === kind)
  if (sources.length === 0) return []
  const [shown, rest] = [sources.slice(0, SHOWN), sources.slice(SHOWN)]
  const total = sum(sources)
  const width = number(total).length
  const stopped = sources.reduce((number, source) => number + source.stopped, 0)
  const tail =
    kind !== 'ours' && stopped > 0 ? `, ${stopped === total ? 'all' : number(stopped)} rejected or put aside` : ''
  return [
    `  ${paint(KIND_TITLES[kind], STYLES[kind] satisfies Style, options.colour)}  ${count(total, 'message')}${tail}`,
    ...shown.flatMap((source) => sourceLines(source, width, options, domain)),
    ...(rest.length > 0 ? [`    ${number(sum(rest)).padStart(width)}  ${count(rest.length, 'other')}`] : []),
  ]
}

function sourceLines(source: Source, width: number, { colour, locate }: Options, domain: Name): string[] {
  const { who, kind, messages, addresses, from, advice, relay } = source
  const list = [...addresses.keys()]
  const more = list.length > SHOWN_ADDRESSES ? ` and ${list.length - SHOWN_ADDRESSES} more` : ''
  const at = list.length === 1 && list[0] === who ? '' : `  ${list.slice(0, SHOWN_ADDRESSES).join(', ')}${more}`
  const as = from.size === 0 ? '' : `  as ${[...from].slice(0, 3).map(inert).join(', ')}${from.size > 3 ? ' …' : ''}`
  const indent = ' '.repeat(width + 8)
  return [
    `    ${number(messages).padStart(width)}  ${inert(who)}${at}${as}`,
    ...advice.flatMap(({ message, hint, from: place, messages: some }) => [
      `${indent}${inertSentence(message)}${some < messages ? ` (${count(some, 'message')})` : ''}${place === undefined ? '' : `  ${paint(fileLine(locate(place)), 'dim', colour)}`}`,
      ...(hint === undefined ? [] : [`${indent}  → ${inertSentence(hint)}`]),
    ]),
    ...(kind === 'unlisted' && relay
      ? [
          `${indent}  below domains, ${inert(displayName(domain))}:`,
          ...snippet(relay).map((line) => `${indent}    ${line}`),
        ]
      : []),
  ]
}

function faultLines({ faults }: ReadReports, { colour }: Options): string[] {
  if (faults.length === 0) return []
  return [
    paint('Not read', 'red', colour),
    ...faults.slice(0, 50).map(({ label, reason }) => `  ${inert(label)}: ${inertSentence(reason)}`),
    ...(faults.length > 50 ? [`  ${count(faults.length - 50, 'other')}`] : []),
  ]
}

function number(value: number): string {
  return count(value, '', '').trim()
}

function sum(sources: readonly Source[]): number {
  return sources.reduce((total, { messages }) => total + messages, 0)
}
