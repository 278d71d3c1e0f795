import type { Compiled } from '../../records/compile.js'
import { families } from '../../records/families/index.js'
import { type MailRecord, slotKey } from '../../records/families/mail-record.js'
import { slotOf, slotWith } from '../../records/families/slot.js'
import { type Name, relativeTo } from '../../records/rr/name.js'
import { rdataText } from '../../records/rr/rdata.js'
import { subjectOf } from '../../records/rr/rrset.js'
import type { Plan } from '../plan/plan.js'
import type { Locate } from '../problem.js'
import { count } from '../render/words.js'
import { zoneName } from './changes.js'
import { codeText, nameText } from './html/code-text.js'
import { type Html, html } from './html/html.js'
import { place, section } from './html/parts.js'
import { LIMITS, leftOut, within } from './limits.js'
import { PART } from './words.js'

/** With more records than this on the page, the zones are folded. */
const OPEN_UNTIL = 60

/** Every mail record the spec asks for, zone by zone, each with its place in the spec. */
export function recordsSection(plan: Plan, { zones }: Compiled, locate: Locate, isPart: boolean): Html | undefined {
  const all = [...zones]
  const total = all.reduce((sum, [, records]) => sum + records.length, 0)
  if (total === 0) return undefined
  const planned = plannedStates(plan)
  const { shown, rest } = within(all, ([, records]) => records, LIMITS.records)
  const open = total <= OPEN_UNTIL
  return section(
    'records',
    isPart ? 'Mail records' : 'All mail records',
    html`<p class="intro">${isPart && `${PART} `}What ${isPart ? 'that' : plan.spec} means, ${count(total, 'record')} in ${count(all.length, 'zone')}, and where each is asked for.</p>
${shown.map(({ group: [zone], items }) => zoneRecords(zone, items, { open, planned, locate }))}${leftOut(rest, 'record', 'mailsync compile')}`,
  )
}

type State = 'create' | 'update'

function plannedStates({ zones }: Plan): ReadonlyMap<string, State> {
  return new Map(
    zones.flatMap(({ changes }) =>
      changes.flatMap((change) =>
        change.kind === 'delete'
          ? []
          : change.edits.map(({ purpose, before, after }): [string, State] => [
              slotKey(slotWith(subjectOf(change), purpose, after[0] ?? before[0])),
              before.length === 0 ? 'create' : 'update',
            ]),
      ),
    ),
  )
}

interface Context {
  readonly open: boolean
  readonly planned: ReadonlyMap<string, State>
  readonly locate: Locate
}

function zoneRecords(zone: Name, records: readonly MailRecord[], context: Context): Html {
  return html`<details class="zone-records" ${context.open && html`open`}><summary><h3>${zoneName(zone)}</h3> <span class="count">${count(records.length, 'record')}</span></summary>
<table class="stacked"><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col" class="number">TTL</th><th scope="col">Value</th><th scope="col">From</th></tr></thead>
<tbody>${records.map((record) => recordRow(zone, record, context))}</tbody></table></details>
`
}

function recordRow(zone: Name, record: MailRecord, { planned, locate }: Context): Html {
  const { rrset, purpose, from } = record
  const state = planned.get(slotKey(slotOf(record)))
  const values = rrset.rdata.map((value) => html`<li>${codeText(rdataText(rrset.type, value))}</li>`)
  return html`<tr><th scope="row"><code>${nameText(relativeTo(zone, rrset.name))}</code></th>
<td class="kind-of"><span class="type">${rrset.type}</span> <span class="for">${families[purpose].words.noun}</span>${
    state && html` <span class="state ${state}">${state === 'create' ? '+ new' : '~ changes'}</span>`
  }</td><td class="number"><span class="unit">TTL </span>${rrset.ttl}</td><td class="value"><ul>${values}</ul></td><td class="from">${place(locate(from), { column: false })}</td></tr>
`
}
