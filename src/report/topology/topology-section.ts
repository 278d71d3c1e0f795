import type { Compiled } from '../../../records/compile.js'
import type { MailSpec } from '../../../records/spec.js'
import type { Plan } from '../../plan/plan.js'
import { count } from '../../render/words.js'
import { type Html, html } from '../html/html.js'
import { section } from '../html/parts.js'
import { LIMITS } from '../limits.js'
import { PART } from '../words.js'
import { drawTopology } from './draw.js'
import type { Topology } from './graph.js'
import { listTopology } from './list.js'
import { NARROW, WIDE } from './metrics.js'
import { topologyOf } from './topology.js'

/** How mail goes, drawn and in words; in words alone where a drawing would be a thicket. */
export function topologySection(plan: Plan, spec: MailSpec, compiled: Compiled, isPart: boolean): Html | undefined {
  const topology = topologyOf(plan, spec, compiled)
  const { domains, machines } = topology
  if (domains.length === 0 && machines.length === 0) return undefined
  const inWords = summary(topology)
  const isDrawn =
    Math.max(domains.length, machines.length) <= LIMITS.cardsInColumn &&
    domains.reduce((sum, { links }) => sum + links.length, 0) <= LIMITS.linksInDrawing
  const list = listTopology(topology)
  const body = isDrawn
    ? html`${legend(topology)}<div class="drawing">${[WIDE, NARROW].map((metrics) => drawTopology(topology, metrics, inWords))}</div>
<details class="in-words"><summary>The same in words</summary>${list}</details>`
    : html`<p class="left-out">That is too much for a drawing; here it is as a list.</p>${list}`
  return section('topology', 'How mail goes', html`<p class="intro">${isPart && `${PART} `}${inWords}</p>${body}`)
}

function summary({ domains, machines }: Topology): string {
  const names = domains.reduce((sum, domain) => sum + domain.names.length, 0)
  const hosts = machines.filter(({ kind }) => kind === 'host').length
  const others = machines.length - hosts
  return `${count(names, 'domain')} and ${count(hosts, 'host')}${others > 0 ? `, with ${count(others, 'other')} that ${others === 1 ? 'receives or sends' : 'receive or send'} for them` : ''}.`
}

function legend({ domains, machines }: Topology): Html {
  const links = domains.flatMap((domain) => domain.links)
  const marks = new Set([...domains, ...machines, ...links].map(({ mark }) => mark))
  const kinds = new Set(links.map(({ kind }) => kind))
  return html`<ul class="legend" aria-hidden="true">${kinds.has('receives') && html`<li class="receives"><svg viewBox="0 0 34 10" width="34" height="10"><path d="M0 5h26"/><path class="arrow" d="M34 5l-9-4.5v9z"/></svg>MX: mail comes in</li>`}${
    kinds.has('sends') &&
    html`<li class="sends"><svg viewBox="0 0 34 10" width="34" height="10"><path d="M8 5h26"/><path class="arrow" d="M0 5l9-4.5v9z"/></svg>SPF: mail goes out in the domain’s name</li>`
  }${marks.has('new') && html`<li><span class="chip new">+ new</span></li>`}${marks.has('changed') && html`<li><span class="chip changed">~ changes</span></li>`}${
    marks.has('gone') && html`<li><span class="chip gone">− goes</span></li>`
  }</ul>`
}
