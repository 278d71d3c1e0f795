import { groupBy } from '../../records/group.js'
import type { PanelEntry, Plan, PlannedManualStep } from '../plan/plan.js'
import { panelFields } from '../steps/panel-fields.js'
import { titleOf, WAIT } from '../steps/words.js'
import { zoneName } from './changes.js'
import { type Content, type Html, html } from './html/html.js'
import { copyButton, place, section } from './html/parts.js'
import { LIMITS, leftOut, within } from './limits.js'

const ALL = 'mailsync plan --format json'

/** What only a person can do: in the zones that no API reaches, field by field, and elsewhere in words. */
export function stepsSection({ manual }: Plan): Html | undefined {
  if (manual.length === 0) return undefined
  const zones = groupBy(manual, ({ zone, provider }) => (zone === undefined ? undefined : `${zone} ${provider}`))
  const loose = zones.get(undefined) ?? []
  zones.delete(undefined)
  const { shown, rest } = within([...zones.values()], (steps) => steps, LIMITS.steps)
  return section('steps', 'To do by hand', [
    shown.map(({ items }) => zoneSteps(items)),
    leftOut(rest, 'step', ALL),
    loose.length > 0 &&
      html`<p class="intro">mailsync has no access to ${zones.size > 0 ? 'these either' : 'these'}. Send each to whoever has.</p>
<ol class="steps">${loose.slice(0, LIMITS.steps).map(stepItem)}</ol>${leftOut(loose.length - LIMITS.steps, 'step', ALL)}`,
  ])
}

function stepItem({ what, why, where, remarks = [], waits, request, reverse }: PlannedManualStep): Html {
  const head = html`<p class="what">${waits ? `${WAIT}: ${what}` : what}</p><p class="why">${why}</p>${remarksList(remarks)}`
  const whence = html`<p class="whence">${place(where, { column: false })}</p>`
  if (!request)
    return waits
      ? html`<li><div>${head}${whence}</div></li>
`
      : html`<li class="copyable"><div><p class="copied what">${what}</p><p class="why">${why}</p>${remarksList(remarks)}${whence}</div>${copyButton('this step')}</li>
`
  const rows = reverse && [
    row('Address', reverse.address, copyButton),
    row('Reverse name (the address backwards)', reverse.name, copyButton),
    row('Target', reverse.target, copyButton),
  ]
  return html`<li><div>${head}${rows && html`<table class="panel"><tbody>${rows}</tbody></table>`}<p class="why">Ask ${request.to}. To send:</p><div class="copyable"><pre class="copied">${request.text.split('\n').map(textLine)}</pre>${copyButton('the text')}</div>${whence}</div></li>
`
}

/** A text of several lines is made inert a line at a time, so that its lines stay lines. */
function textLine(line: string): Html {
  return html`${line}
`
}

function remarksList(remarks: NonNullable<PlannedManualStep['remarks']>): Content {
  return (
    remarks.length > 0 &&
    html`<ul class="remarks">${remarks.map(({ message, hint }) => html`<li><p class="message">${message}</p>${hint !== undefined && html`<p class="hint">${hint}</p>`}</li>`)}</ul>`
  )
}

function zoneSteps(steps: readonly PlannedManualStep[]): Html {
  const [{ zone = '', provider } = {}] = steps
  return html`<div class="panel-zone"><h3>${zoneName(zone)} <span class="provider">at ${provider}</span></h3>
<p class="intro">Enter this in the panel of the provider, in this order. A step is done once every name server shows it.</p>
<ol class="steps">${steps.map(zoneStep)}</ol></div>
`
}

function zoneStep({ entries = [], remarks = [], waits, where }: PlannedManualStep): Html {
  return html`<li><div>${waits ? html`<p class="what">${WAIT}</p>` : undefined}${entries.map((entry) => entryTable(entry, waits !== undefined))}${remarksList(remarks)}<p class="whence">${place(where, { column: false })}</p></div></li>
`
}

function entryTable(entry: PanelEntry, isMade: boolean): Html {
  const { do: what, host, type, value, ttl, was, pieces = [] } = entry
  const copied = what === 'remove' || isMade ? undefined : copyButton
  const rows = [
    was?.host !== undefined && row('Old host', was.host),
    row('Host', host, copied),
    row('Type', type, copied),
    panelFields(entry).map(({ label, text, old }) => [
      old !== undefined && row(`Old ${label.toLowerCase()}`, old),
      row(label, text, copied),
    ]),
    was !== undefined && was.value !== value && row('Old value', was.value),
    row('Value', value, copied),
    what !== 'remove' && pieces.map((piece, index) => row(`or piece ${index + 1} of ${pieces.length}`, piece, copied)),
    ttl !== undefined && row('TTL', String(ttl), copied),
  ]
  return html`<table class="panel is-${what}"><caption>${titleOf(entry)}</caption><tbody>${rows}</tbody></table>`
}

function row(label: string, text: string, button?: (what: string) => Html): Content {
  return html`<tr class="copyable"><th scope="row">${label}</th><td class="copied"><code>${text}</code></td><td>${button?.(label.toLowerCase())}</td></tr>
`
}
