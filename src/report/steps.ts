import type { Plan, PlannedManualStep } from '../plan/plan.js'
import { type Html, html } from './html.js'
import { LIMITS, leftOut } from './limits.js'
import { copyButton, place, section } from './parts.js'

/** What only a person can do. */
export function stepsSection({ manual }: Plan): Html | undefined {
  if (manual.length === 0) return undefined
  return section(
    'steps',
    'To do by hand',
    html`<p class="intro">mailsync has no access to these. Send each to whoever has.</p>
<ol class="steps">${manual.slice(0, LIMITS.steps).map(stepItem)}</ol>${leftOut(manual.length - LIMITS.steps, 'step', 'mailsync plan --format json')}`,
  )
}

function stepItem({ what, why, where }: PlannedManualStep): Html {
  return html`<li class="copyable"><div><p class="copied what">${what}</p><p class="why">${why}</p><p class="whence">${place(where, { column: false })}</p></div>${copyButton('this step')}</li>
`
}
