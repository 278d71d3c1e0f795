import { html } from '../html/html.js'

/** The drawing of how mail goes. */
export const map = html`
.legend { display: flex; flex-wrap: wrap; gap: 0.4rem 1.5rem; align-items: center; font-size: 0.85rem; color: var(--soft); margin-bottom: 0.75rem; }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.legend svg { flex: none; overflow: visible; }
.legend path { fill: none; stroke-width: 2; }
.legend .receives path, .link.receives path { stroke: var(--receives); }
.legend .sends path, .link.sends path { stroke: var(--sends); }
.legend .sends path:first-child, .link.sends path:first-child { stroke-dasharray: 6 4; }
.legend .receives .arrow, .link.receives .arrow { fill: var(--receives); stroke: none; }
.legend .sends .arrow, .link.sends .arrow { fill: var(--sends); stroke: none; }
.map { display: block; width: 100%; height: auto; font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif; }
.map text { fill: var(--ink); dominant-baseline: central; font-size: 13px; }
.map .name, .map .address { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
.map .name { font-weight: 650; }
.map .note, .map .label, .map .beside { fill: var(--soft); }
.map .beside { text-anchor: end; }
.map .domain .beside { fill: var(--ink); }
.map .address.new { fill: var(--new); font-weight: 650; }
.map .address.changed { fill: var(--changed); font-weight: 650; }
.map .address.gone { fill: var(--gone); text-decoration: line-through; }
.map .card > rect { fill: var(--card); stroke: var(--line); }
.map .elsewhere > rect, .map .include > rect, .map .network > rect { fill: var(--ground); stroke: var(--strong-line); stroke-dasharray: 4 4; }
.map .card.new > rect { stroke: var(--new); stroke-width: 1.5; }
.map .card.changed > rect { stroke: var(--changed); stroke-width: 1.5; }
.map .card.gone > rect { stroke: var(--gone); stroke-width: 1.5; stroke-dasharray: 2 4; }
.map .card.gone .name { text-decoration: line-through; fill: var(--gone); }
.map .badge text { font-size: 11px; font-weight: 650; text-anchor: middle; }
.map .new .badge rect { fill: var(--new-ground); stroke: var(--new); }
.map .new .badge text { fill: var(--new); }
.map .changed .badge rect { fill: var(--changed-ground); stroke: var(--changed); }
.map .changed .badge text { fill: var(--changed); }
.map .gone .badge rect { fill: var(--gone-ground); stroke: var(--gone); }
.map .gone .badge text { fill: var(--gone); }
.link path { fill: none; stroke-width: 1.5; opacity: 0.75; }
.link.new path { stroke-width: 2.75; opacity: 1; }
.link.gone path:first-child { stroke: var(--gone); stroke-dasharray: 2 5; stroke-width: 2; }
.link.gone .arrow { fill: var(--gone); }
.sign circle { stroke-width: 1.5; }
.sign path { fill: none; stroke-width: 2; }
.sign.new circle { fill: var(--new-ground); stroke: var(--new); }
.sign.new path { stroke: var(--new); }
.sign.gone circle { fill: var(--gone-ground); stroke: var(--gone); }
.sign.gone path { stroke: var(--gone); }
.narrow { display: none; }
.in-words { margin-top: 1rem; color: var(--soft); }
.in-words > table { color: var(--ink); margin-top: 1rem; }
@media (max-width: 47.5rem) {
  .wide { display: none; }
  .narrow { display: block; }
  .map text { font-size: 11.5px; }
  .map .badge text { font-size: 10px; }
  .link path { stroke-width: 1.25; }
  .link.new path { stroke-width: 2; }
}
`
