import { families } from '../../records/families/index.js'
import type { Purpose } from '../../records/families/mail-record.js'
import { type Name, relativeTo } from '../../records/rr/name.js'
import { subjectOf } from '../../records/rr/rrset.js'
import type { PlannedChange, PlannedEdit, ZonePlan } from '../plan/plan.js'
import { defaultWords } from '../render/provider-default.js'
import { diffValues, type ValueDiff } from '../render/value/value-diff.js'
import { count } from '../render/words.js'
import { nameText } from './html/code-text.js'
import { type Content, type Html, html } from './html/html.js'
import { place, spoken } from './html/parts.js'
import { valueTokens } from './html/value-tokens.js'

const KIND = {
  create: { sign: '+', word: 'create' },
  update: { sign: '~', word: 'update' },
  delete: { sign: '−', word: 'delete' },
} as const

/** One RRset that is written: what it was, what it becomes, and who asks for it. */
export function changeItem(
  change: PlannedChange,
  { zone, addressOwner }: Pick<ZonePlan, 'zone' | 'addressOwner'>,
): Html {
  const { name, type } = subjectOf(change)
  const { sign, word } = KIND[change.kind]
  const [first, ...more] = change.edits
  const byDefault = addressOwner && defaultWords(change.kind, change.providerDefault)
  const alone = more.length === 0 ? first : undefined
  return html`<article class="change ${change.kind}">
<h4><span class="kind"><span aria-hidden="true">${sign}</span> ${word}</span> <span class="what-of"><code class="owner">${ownerName(name, zone)}</code> <span class="type">${type}</span>${
    alone && html` <span class="purpose">${families[alone.purpose].words.noun}</span>`
  } ${!addressOwner && ttl(change)}</span></h4>${alone && origin(alone)}
<div class="edits">${change.edits.map((edit) => editBlock(edit, change.kind, alone === undefined))}${
    change.kept > 0 &&
    html`<p class="stays">${count(change.kept, 'other value')} here ${change.kept === 1 ? 'stays as it is' : 'stay as they are'}.</p>`
  }${byDefault !== undefined && html`<p class="stays">(${byDefault})</p>`}</div></article>
`
}

function ownerName(name: Name, zone: string): Html {
  const relative = relativeTo(zone as Name, name)
  if (relative === '@' || zone === '.' || !name.endsWith(`.${zone}`)) return nameText(name)
  return html`${nameText(relative)}<wbr><span class="rest">.${nameText(zone)}</span>`
}

function ttl(change: PlannedChange): Html {
  const after = subjectOf(change).ttl
  const seconds: Content =
    change.kind === 'update' && change.before.ttl !== after
      ? html`<del>${spoken('removed ')}${change.before.ttl}</del> → <ins>${spoken('added ')}${after}</ins>`
      : after
  return html`<span class="ttl">TTL ${seconds}</span>`
}

function origin({ where }: PlannedEdit): Html {
  return html`<p class="origin">${place(where, { column: false }) ?? 'left the spec'}</p>`
}

function editBlock(edit: PlannedEdit, kind: PlannedChange['kind'], isOneOfMany: boolean): Html {
  const { purpose, before, after, adopts } = edit
  const diffs = diffValues(purpose, before, after)
  return html`${isOneOfMany && html`<div class="asks"><p class="purpose">${families[purpose].words.noun}</p>${origin(edit)}</div>`}${
    adopts && html`<p class="adopts">Replaces what mailsync did not write.</p>`
  }<ul class="values">${diffs.map((diff) => valueItem(purpose, diff, kind))}</ul>`
}

function valueItem(purpose: Purpose, diff: ValueDiff, kind: PlannedChange['kind']): Html {
  const state = kind === 'update' ? diff.state : 'kept'
  return html`<li class="${state}">${stateSign(state)}${valueTokens(purpose, diff)}${
    diff.differs !== undefined &&
    html` <span class="differs">${diff.differs === 'order' ? 'in another order' : 'spelt another way'}</span>`
  }</li>`
}

function stateSign(state: ValueDiff['state']): Html | undefined {
  if (state !== 'added' && state !== 'removed') return undefined
  return html`<span class="sign" aria-hidden="true">${state === 'added' ? '+' : '−'}</span>${spoken(`${state}: `)}`
}
