import { displayName, type Name } from '../../../records/rr/name.js'
import { fitting } from '../../render/markdown/fitting.js'
import { codeSpan, markdownSentence, tableRow } from '../../render/markdown/markdown.js'
import { CHECKS, type Check } from '../check.js'
import type { VerifyReport } from '../report.js'
import { receiversSentences } from './receivers-sentence.js'
import { summaryOf } from './summary.js'

/** Rows that a reader takes in, and that fit into a comment of GitHub. */
const MOST_ROWS = 100
const MOST_SENTENCES = 20
/** GitHub takes 65,536 characters for a comment. */
const LIMIT = 60_000
/** The share of the room that the sentences may take. */
const SHARE = 0.5
/** For the line that says how many rows are left out. */
const RESERVE = 100

/** The summary, what large receivers would do, and a table of what did not pass, worst first. @param limit characters at most */
export function renderVerifyMarkdown(report: VerifyReport, limit: number = LIMIT): string {
  return verifyMarkdown('### mailsync verify', report, limit)
}

/** {@link renderVerifyMarkdown} below a title, for a place among others. @param room characters at most */
export function verifyMarkdown(title: string, report: VerifyReport, room: number): string {
  const { checks, domains } = report
  const open = checks.filter(({ verdict }) => verdict !== 'pass')
  const sentences = domains.flatMap(receiversSentences).map((text) => `- ${markdownSentence(text)}`)
  const told = fitting(sentences.slice(0, MOST_SENTENCES), room * SHARE, ({ length }) => length + 1)
  const head = [
    title,
    '',
    `**${markdownSentence(summaryOf(report))}**`,
    '',
    ...told,
    ...(sentences.length > told.length ? [`- and ${sentences.length - told.length} more of other domains`] : []),
    '',
  ]
  if (open.length === 0) return `${head.join('\n')}\n`
  const table = [tableRow(['', 'about', 'check', 'seen', 'to do', 'explained']), tableRow(Array(6).fill('---'))]
  const used = [...head, ...table].join('\n').length + RESERVE
  const rows = fitting(open.slice(0, MOST_ROWS).map(rowOf), room - used, ({ length }) => length + 1)
  const left = open.length - rows.length
  const rest = left > 0 ? ['', `and ${left} more; \`--format json\` has all of them`] : []
  return `${[...head, ...(rows.length > 0 ? [...table, ...rows] : []), ...rest].join('\n')}\n`
}

function rowOf({ verdict, subject, id, seen, todo, explained }: Check): string {
  const name = subject.kind === 'address' ? subject.name : displayName(subject.name as Name)
  return tableRow([
    verdict === 'fail' ? '**fail**' : verdict,
    codeSpan(name),
    `${CHECKS[id].topic}: ${codeSpan(id)}`,
    markdownSentence(seen),
    todo === undefined ? '' : markdownSentence(todo),
    explained,
  ])
}
