import { displayName, type Name } from '../../records/rr/name.js'
import { rdataTexts, subjectOf } from '../../records/rr/rrset.js'
import type { Plan, PlannedChange, PlannedKey, ZonePlan } from '../plan/plan.js'
import { count } from '../render/words.js'
import { changeItem } from './change-item.js'
import { type Html, html } from './html/html.js'
import { place, section } from './html/parts.js'
import { LIMITS, leftOut, within } from './limits.js'

/** What `apply` would write itself, zone by zone, and the keys it makes first. */
export function changesSection({ zones: all, keys }: Plan): Html | undefined {
  const zones = all.filter(({ byHand }) => !byHand)
  if (zones.length === 0 && keys.length === 0) return undefined
  const { shown, rest } = within(zones, ({ changes }) => changes, LIMITS.changes)
  return section(
    'changes',
    'Changes',
    html`${keysToMake(keys)}${shown.map(({ group, items }) => zoneChanges(group, items))}${leftOut(rest, 'change', 'mailsync plan --format json')}`,
  )
}

function zoneChanges(
  { zone, provider, addressOwner, changes, writes, claimed, left }: ZonePlan,
  shown: readonly PlannedChange[],
): Html {
  const facts = [
    ...(addressOwner ? ['PTRs of addresses'] : []),
    writes > 1 ? `in ${writes} separate writes: a failure midway leaves the first of them done` : 'in one write',
    ...(claimed.length > 0
      ? [`${count(claimed.length, 'record')} already as the spec wants, which mailsync looks after and never deletes`]
      : []),
    ...(left.length > 0
      ? [`${count(left.length, 'record')} that left the spec and stay, as mailsync did not write them`]
      : []),
  ]
  const real = changes.filter(({ manifest }) => !manifest).length
  return html`<div class="zone">
<header><h3>${zoneName(zone)} <span class="provider">at ${provider}</span></h3>
<p class="facts">${real > 0 ? count(real, 'change') : 'Bookkeeping only'}, ${facts.join('; ')}.</p></header>
${shown.filter(({ manifest }) => !manifest).map((change) => changeItem(change, { zone, ...(addressOwner && { addressOwner }) }))}
${shown.filter(({ manifest }) => manifest).map(bookkeeping)}
</div>
`
}

/** The name of a zone; one that is international also as people write it. */
export function zoneName(zone: string): Html {
  const shown = displayName(zone as Name)
  const isSame = shown === zone || `${shown}.` === zone
  return html`<code>${zone}</code>${!isSame && html` <span class="unicode">${shown}</span>`}`
}

function bookkeeping(change: PlannedChange): Html {
  const values = rdataTexts(subjectOf(change))
  return html`<details class="bookkeeping"><summary>and mailsync’s own note of what it owns here</summary><p><code>${subjectOf(change).name}</code> TXT</p>${values.map((value) => html`<p><code>${value}</code></p>`)}</details>`
}

function keysToMake(keys: readonly PlannedKey[]): Html | undefined {
  if (keys.length === 0) return undefined
  const rows = keys
    .slice(0, LIMITS.keys)
    .map(
      ({ domain, selector, algorithm, where }) =>
        html`<li><code>${selector}._domainkey.${domain}</code> <span class="type">${algorithm}</span> ${place(where, { column: false })}</li>`,
    )
  return html`<div class="zone"><header><h3>DKIM keys to be made</h3>
<p class="facts">Apply makes ${keys.length === 1 ? 'this key' : 'these keys'} first. Their records are not in this plan yet, since nobody knows them.</p></header>
<ul class="keys">${rows}</ul>${leftOut(keys.length - LIMITS.keys, 'key', 'mailsync plan --format json')}</div>
`
}
