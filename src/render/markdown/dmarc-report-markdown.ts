import { displayName } from '../../../records/rr/name.js'
import type { ReadReports } from '../../dmarc/reports/read-reports.js'
import type { DomainSummary, Source } from '../../dmarc/reports/summary.js'
import { KIND_TITLES, KINDS, percentText } from '../../dmarc/reports/words.js'
import { dayOf } from '../../instant.js'
import type { Locate } from '../../problem.js'
import { fileLine } from '../place.js'
import { dmarcReportSummary } from '../text/dmarc/report-text.js'
import { snippet } from '../text/relays-text.js'
import { count } from '../words.js'
import { codeBlock, codeSpan, markdownSentence, tableRow } from './markdown.js'

/** Sources of a kind in a table; the others are in the other forms. */
const SHOWN = 20

/** What reports say, as Markdown: a table a domain. */
export function renderDmarcReportMarkdown(
  domains: readonly DomainSummary[],
  read: ReadReports,
  locate: Locate,
): string {
  const faults = read.faults.map(({ label, reason }) => `- ${codeSpan(label)}: ${markdownSentence(reason)}`)
  return [
    '### mailsync dmarc report',
    '',
    `**${markdownSentence(dmarcReportSummary(domains, read))}**`,
    '',
    ...domains.flatMap((domain) => domainPart(domain, locate)),
    ...(faults.length === 0 ? [] : ['#### Not read', '', ...faults.slice(0, 50), '']),
  ].join('\n')
}

function domainPart(summary: DomainSummary, locate: Locate): string[] {
  const { domain, spec, begin, end, messages, passing, policy, sources } = summary
  const shown = KINDS.flatMap((kind) => sources.filter((source) => source.kind === kind).slice(0, SHOWN))
  const added = shown.flatMap(({ kind, relay }) => (kind === 'unlisted' && relay ? [relay] : []))
  const published = policy === undefined ? 'no policy' : codeSpan(`p=${policy}`)
  return [
    `#### ${codeSpan(displayName(domain))}: ${percentText(passing, messages)} of ${count(messages, 'message')} pass`,
    '',
    `${[...new Set([dayOf(begin), dayOf(end)])].join(' to ')}; published: ${published}${spec ? '' : '; no domain of the spec'}`,
    '',
    ...(spec && shown.length > 0
      ? [
          tableRow(['messages', 'pass', 'source', 'what it is', 'what to do']),
          tableRow(['--:', '--:', '---', '---', '---']),
          ...shown.map((source) => sourceRow(source, locate)),
          '',
        ]
      : []),
    ...added.flatMap((relay) => [
      `${relay.title}, below ${codeSpan(displayName(domain))}:`,
      '',
      codeBlock(snippet(relay).join('\n')),
      '',
    ]),
  ]
}

function sourceRow({ kind, who, messages, passing, advice }: Source, locate: Locate): string {
  const todo = advice.map(({ message, hint, from }) => {
    const place = from === undefined ? '' : ` (${codeSpan(fileLine(locate(from)))})`
    return `${markdownSentence(message)}${place}${hint === undefined ? '' : `: ${markdownSentence(hint)}`}`
  })
  return tableRow([String(messages), String(passing), codeSpan(who), KIND_TITLES[kind], todo.join('; ')])
}
