import { displayName, type Name } from '../../../records/rr/name.js'
import { count } from '../../render/words.js'
import { type Html, html } from '../../report/html/html.js'
import { section } from '../../report/html/parts.js'
import { LIMITS, leftOut } from '../../report/limits.js'
import { CHECKS, type Check } from '../check.js'
import type { VerifyReport } from '../report.js'
import { receiversSentences } from './receivers-sentence.js'
import { summaryOf } from './summary.js'

/** What receivers see: what large ones would do, what does not pass, worst first, and folded what does. */
export function verifySection(title: string, report: VerifyReport): Html {
  const { checks, domains } = report
  const sentences = domains.flatMap(receiversSentences)
  const told = sentences.slice(0, LIMITS.opinions)
  const open = checks.filter(({ verdict }) => verdict !== 'pass')
  const passing = checks.filter(({ verdict }) => verdict === 'pass')
  return section(
    'receivers',
    title,
    html`<p class="intro">${summaryOf(report)}</p>
${
  told.length > 0 &&
  html`<ul class="opinions">${told.map((text) => html`<li>${text}</li>`)}</ul>
`
}${leftOut(sentences.length - told.length, 'domains', COMMAND)}${table(open)}${
  passing.length > 0 &&
  html`<details class="passing"><summary>${count(passing.length, 'check passes', 'checks pass')}</summary>
${table(passing)}</details>
`
}`,
  )
}

const COMMAND = 'mailsync verify --format json'

function table(checks: readonly Check[]): Html | undefined {
  if (checks.length === 0) return undefined
  return html`<table class="stacked flow checks"><thead><tr><th scope="col">about</th><th scope="col">verdict</th><th scope="col">seen</th><th scope="col">check</th></tr></thead>
<tbody>${checks.slice(0, LIMITS.checks).map(row)}</tbody></table>
${leftOut(checks.length - LIMITS.checks, 'checks', COMMAND)}`
}

function row({ verdict, subject, id, seen, todo, asked, explained }: Check): Html {
  const name = subject.kind === 'address' ? subject.name : displayName(subject.name as Name)
  return html`<tr><th scope="row">${name}</th><td class="verdict ${verdict}">${verdict}</td><td>${seen}${
    todo !== undefined && html`<p class="why">→ ${todo}</p>`
  }<p class="asked">asked ${asked}</p></td><td><span class="topic">${CHECKS[id].topic}</span> <code class="rule">${id}</code> <span class="for">${explained}</span></td></tr>
`
}
