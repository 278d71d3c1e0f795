import { displayName, type Name } from '../../../records/rr/name.js'
import { type Html, html } from '../html/html.js'
import { LIMITS, leftOut } from '../limits.js'
import { number } from '../words.js'
import type { AddressLine, DomainNode, Link, MachineNode, Topology } from './graph.js'
import type { Mark } from './mark.js'

const MARK_WORD: Record<Mark, string> = { same: '', new: '+ new', changed: '~ changes', gone: '− goes' }

/** The same as the drawing, as two tables. */
export function listTopology({ domains, machines }: Topology): Html {
  const limit = LIMITS.domainsInList
  return html`<table class="stacked flow"><caption>Domains</caption><thead><tr><th scope="col">Domain</th><th scope="col">Receives at</th><th scope="col">Sends from</th><th scope="col">Signs, and asks of receivers</th></tr></thead>
<tbody>${domains.slice(0, limit).map(domainRow)}</tbody></table>${leftOut(domains.length - limit, 'domain', 'mailsync compile')}
<table class="stacked flow"><caption>Machines</caption><thead><tr><th scope="col">Machine</th><th scope="col">Addresses</th></tr></thead>
<tbody>${machines.slice(0, limit).map(machineRow)}</tbody></table>${leftOut(machines.length - limit, 'machine', 'mailsync compile')}`
}

function domainRow({ names, mark, receiving, sending, signing, links }: DomainNode): Html {
  const of = (kind: Link['kind']): readonly Link[] => links.filter((link) => link.kind === kind)
  return html`<tr><th scope="row">${namesOf(names)} ${markOf(mark)}</th>
<td><span class="unit">Receives: </span>${receiving}${linkList(of('receives'))}</td><td><span class="unit">Sends: </span>${sending}${linkList(of('sends'))}</td><td>${signing.join(', ')}</td></tr>
`
}

function namesOf(names: readonly Name[]): Html {
  const shown = names.slice(0, LIMITS.namesInList)
  const more = names.length - shown.length
  return html`${shown.map((name, index) => html`${index > 0 && ', '}<code>${displayName(name)}</code>`)}${more > 0 && ` and ${number(more)} more`}`
}

function linkList(links: readonly Link[]): Html | undefined {
  if (links.length === 0) return undefined
  return html`<ul>${links.map(
    ({ machine, preference, mark }) =>
      html`<li><code>${machine}</code>${preference !== undefined && ` (${preference})`} ${markOf(mark)}</li>`,
  )}</ul>`
}

function machineRow({ id, mark, addresses }: MachineNode): Html {
  return html`<tr><th scope="row"><code>${id}</code> ${markOf(mark)}</th><td>${addresses.length > 0 ? html`<ul>${addresses.map(addressItem)}</ul>` : 'not in this spec'}</td></tr>
`
}

function addressItem({ address, note, mark }: AddressLine): Html {
  return html`<li><code>${address}</code> ${note} ${mark !== 'gone' && markOf(mark)}</li>`
}

function markOf(mark: Mark): Html | undefined {
  return mark === 'same' ? undefined : html`<span class="chip ${mark}">${MARK_WORD[mark]}</span>`
}
