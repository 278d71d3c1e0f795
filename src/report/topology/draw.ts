import { type Html, html } from '../html/html.js'
import { type CardLine, lineMiddle, type PlacedCard } from './card.js'
import type { Topology } from './graph.js'
import { layOut, type PlacedLink } from './layout.js'
import type { Mark } from './mark.js'
import type { Metrics } from './metrics.js'

const BADGE: Record<Exclude<Mark, 'same'>, { readonly text: string; readonly width: number }> = {
  new: { text: '+ new', width: 46 },
  changed: { text: '~ changes', width: 70 },
  gone: { text: '− goes', width: 52 },
}

const LAYER: readonly Mark[] = ['gone', 'same', 'changed', 'new']

/** The drawing in SVG. Its size is that of its page; its colours are those of the page's scheme. */
export function drawTopology(topology: Topology, metrics: Metrics, inWords: string): Html {
  const { width, height, cards, links } = layOut(topology, metrics)
  const title = `map-${metrics.id}`
  const loudLast = [...links].sort((a, b) => LAYER.indexOf(a.mark) - LAYER.indexOf(b.mark))
  return html`<svg class="map ${metrics.id}" viewBox="0 0 ${width} ${round(height)}" role="img" aria-labelledby="${title}-t ${title}-d">
<title id="${title}-t">How mail goes</title><desc id="${title}-d">${inWords} The list below the drawing says the same in words.</desc>
${loudLast.map(drawLink)}
${cards.map((card) => drawCard(card, metrics))}
${links.map((link) => drawSign(link, metrics.sign))}
</svg>`
}

function drawLink({ kind, mark, from, to }: PlacedLink): Html {
  const reach = (to.x - from.x) / 2
  const path = `M${from.x} ${round(from.y)}C${from.x + reach} ${round(from.y)} ${to.x - reach} ${round(to.y)} ${to.x} ${round(to.y)}`
  const arrow = kind === 'receives' ? arrowAt(to.x, to.y, -9) : arrowAt(from.x, from.y, 9)
  return html`<g class="link ${kind} ${mark}"><path d="${path}"/><path class="arrow" d="${arrow}"/></g>`
}

function arrowAt(x: number, y: number, length: number): string {
  return `M${x} ${round(y)}l${length} -4.5v9z`
}

/** A plus or minus on a link that comes or goes, for those who cannot see its colour. */
function drawSign({ mark, from, to, sign }: PlacedLink, radius: number): Html | undefined {
  if (sign === undefined || (mark !== 'new' && mark !== 'gone')) return undefined
  const { x, y } = pointOn(from, to, sign === 'from' ? NEAR_END : 1 - NEAR_END)
  const plus = mark === 'new' ? `M${round(x)} ${round(y - radius / 2)}v${radius}` : ''
  return html`<g class="sign ${mark}"><circle cx="${round(x)}" cy="${round(y)}" r="${radius}"/><path d="M${round(x - radius / 2)} ${round(y)}h${radius}${plus}"/></g>`
}

/** Where on its way a sign stands. */
const NEAR_END = 0.28

interface Point {
  readonly x: number
  readonly y: number
}

/** A point on the curve of a link, whose inner control points are halfway across. */
function pointOn(from: Point, to: Point, t: number): Point {
  const rest = 1 - t
  const middle = (from.x + to.x) / 2
  const x = rest ** 3 * from.x + 3 * rest * t * middle + t ** 3 * to.x
  return { x, y: from.y + (to.y - from.y) * (3 * t * t - 2 * t ** 3) }
}

function drawCard(card: PlacedCard, metrics: Metrics): Html {
  const { x, y, width, height, kind, mark, title, lines } = card
  return html`<g class="card ${kind} ${mark}"><title>${title}</title>
<rect x="${x}" y="${round(y)}" width="${width}" height="${round(height)}" rx="10"/>
${lines.map((line, index) => drawLine(line, card, lineMiddle(index, metrics), metrics))}
${mark !== 'same' && drawBadge(card, mark)}</g>
`
}

function drawLine(
  { text, beside, style, mark = 'same' }: CardLine,
  card: PlacedCard,
  middle: number,
  { padding }: Metrics,
): Html {
  const y = round(card.y + middle)
  return html`<text class="${style} ${mark}" x="${card.x + padding}" y="${y}">${text}</text>${
    beside !== undefined && html`<text class="beside" x="${card.x + card.width - padding}" y="${y}">${beside}</text>`
  }`
}

function drawBadge({ x, y, width }: PlacedCard, mark: Exclude<Mark, 'same'>): Html {
  const badge = BADGE[mark]
  const left = x + width - badge.width - 10
  return html`<g class="badge"><rect x="${left}" y="${round(y - 9)}" width="${badge.width}" height="18" rx="9"/><text x="${left + badge.width / 2}" y="${round(y)}">${badge.text}</text></g>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
