import type { Plan } from '../plan/plan.js'
import { type ProofLine, proofView } from '../render/plan/proof-view.js'
import { type Html, html } from './html/html.js'
import { section } from './html/parts.js'
import { LIMITS, leftOut } from './limits.js'

/** What receivers make of mail of each domain from each address; nothing where the plan was not proven. */
export function proofSection({ proof }: Plan): Html | undefined {
  if (proof === undefined) return undefined
  const { head, rows, notes } = proofView(proof)
  const titles = head.map((title) => html`<th scope="col">${title}</th>`)
  const table =
    rows.length > 0 &&
    html`<table class="stacked flow"><thead><tr>${titles}</tr></thead>
<tbody>${rows.slice(0, LIMITS.mailings).map((row) => proofRow(row, head.slice(2)))}</tbody></table>
`
  return section(
    'proof',
    'Proof',
    html`<p>What receivers make of mail of each domain from each address, now and once this plan is carried out.</p>
${table}${notes.map((note) => html`<p>${note}</p>`)}${leftOut(rows.length - LIMITS.mailings, 'mailings', 'mailsync plan --prove')}`,
  )
}

function proofRow({ domain, from, cells, whys }: ProofLine, checks: readonly string[]): Html {
  const told = whys.map((why) => html`<p class="why">${why}</p>`)
  const verdicts = cells.map(({ text }, index) => html`<td><span class="unit">${checks[index]} </span>${text}</td>`)
  return html`<tr><th scope="row">${domain}${told}</th><td>${from}</td>${verdicts}</tr>
`
}
