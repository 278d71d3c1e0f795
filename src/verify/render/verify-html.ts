import { displayName, type Name } from '../../../records/rr/name.js'
import { type Html, html } from '../../report/html.js'
import { CHECKS, type Check } from '../check.js'
import type { VerifyReport } from '../report.js'
import { receiversSentences } from './receivers-sentence.js'
import { summaryOf } from './summary.js'

const styles = html`body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #8886;overflow-wrap:anywhere}
.fail{color:#c1121f;font-weight:700}.warn,.unknown{color:#a15c00}.pass{color:#2b7a2b}small{opacity:.75}
@media(prefers-color-scheme:dark){.fail{color:#ff8087}.warn,.unknown{color:#f0b35e}.pass{color:#7ed07e}}
@media(max-width:45rem){th{display:none}td{display:block;border:0}tr{display:block;border-bottom:1px solid #8886;padding:.5rem 0}}`

/** A page of its own, which loads nothing: the summary, what large receivers would do, and all checks, worst first. */
export function renderVerifyHtml(report: VerifyReport): string {
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mailsync verify</title>
<style>${styles}</style>
</head>
<body>
<main>
<h1>mailsync verify</h1>
${verifySection(report)}</main>
</body>
</html>
`}`
}

/** The part that a report has in its middle. */
function verifySection({ checks, domains }: VerifyReport): Html {
  return html`<p>${summaryOf(checks)}</p>
<ul>${domains.flatMap(receiversSentences).map(
    (text) => html`<li>${text}</li>
`,
  )}</ul>
<table>
<thead><tr><th scope="col">verdict</th><th scope="col">about</th><th scope="col">check</th><th scope="col">seen</th><th scope="col">explained</th></tr></thead>
<tbody>${checks.map(row)}</tbody>
</table>
`
}

function row({ verdict, subject, id, seen, todo, asked, explained }: Check): Html {
  const name = subject.kind === 'address' ? subject.name : displayName(subject.name as Name)
  return html`<tr><td class="${verdict}">${verdict}</td><td>${name}</td><td>${CHECKS[id].topic}<br><small>${id}</small></td><td>${seen}${todo !== undefined && html`<br>→ ${todo}`}<br><small>asked ${asked}</small></td><td>${explained}</td></tr>
`
}
