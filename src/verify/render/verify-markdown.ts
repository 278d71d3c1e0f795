import { displayName, type Name } from '../../../records/rr/name.js'
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

/** The summary, what large receivers would do, and a table of what did not pass, worst first. @param limit characters at most */
export function renderVerifyMarkdown(report: VerifyReport, limit: number = LIMIT): string {
  const { checks, domains } = report
  const open = checks.filter(({ verdict }) => verdict !== 'pass')
  const sentences = domains.flatMap(receiversSentences)
  const head = [
    '### mailsync verify',
    '',
    `**${markdownSentence(summaryOf(checks))}**`,
    '',
    ...sentences.slice(0, MOST_SENTENCES).map((text) => `- ${markdownSentence(text)}`),
    ...(sentences.length > MOST_SENTENCES ? [`- and ${sentences.length - MOST_SENTENCES} more of other domains`] : []),
    '',
  ]
  if (open.length === 0) return `${head.join('\n')}\n`
  const lines = [
    ...head,
    tableRow(['', 'about', 'check', 'seen', 'to do', 'explained']),
    tableRow(Array(6).fill('---')),
  ]
  let length = lines.join('\n').length
  let shown = 0
  for (const check of open.slice(0, MOST_ROWS)) {
    const row = rowOf(check)
    if (length + row.length > limit - 100) break
    lines.push(row)
    length += row.length + 1
    shown += 1
  }
  if (shown < open.length) lines.push('', `and ${open.length - shown} more; \`--format json\` has all of them`)
  return `${lines.join('\n')}\n`
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
