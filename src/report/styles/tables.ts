import { html } from '../html/html.js'

/** Tables, which become lists where there is no room for columns. */
export const tables = html`
.zone-records { border: 1px solid var(--line); border-radius: 0.9rem; background: var(--card); }
.zone-records + .zone-records { margin-top: 1rem; }
.zone-records > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.1rem 0.8rem; padding: 0.85rem 1.2rem; list-style: none; }
.zone-records > summary::-webkit-details-marker { display: none; }
.zone-records > summary::before { content: "›"; color: var(--soft); font-weight: 700; width: 0.8rem; transition: rotate 0.15s; }
.zone-records[open] > summary::before { rotate: 90deg; }
.count { color: var(--soft); font-size: 0.9rem; }
table { table-layout: fixed; border-collapse: collapse; width: 100%; font-size: 0.95rem; text-align: start; }
caption { text-align: start; font-weight: 650; padding: 0.5rem 0; }
th, td { text-align: start; vertical-align: baseline; padding: 0.55rem 0.6rem; border-top: 1px solid var(--line); }
th:first-child, td:first-child { padding-inline-start: 1.2rem; }
th:last-child, td:last-child { padding-inline-end: 1.2rem; }
thead th, thead .number { font-size: 0.8rem; font-weight: 600; color: var(--soft); white-space: nowrap; }
tbody th { font-weight: 600; }
.number { text-align: end; font-size: 0.85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.for { color: var(--soft); font-size: 0.85rem; }
thead th:nth-child(1) { width: 22%; }
.zone-records thead th:nth-child(2) { width: 19%; }
.zone-records thead th:nth-child(3) { width: 4.5rem; }
.zone-records thead th:nth-child(5) { width: 15%; }
.from { text-align: end; }
thead th:last-child { text-align: end; }
.flow thead th:last-child { text-align: start; }
.unit { display: none; }
.state { font-size: 0.8rem; font-weight: 600; white-space: nowrap; }
.state.create { color: var(--new); }
.state.update { color: var(--changed); }
.flow { border: 1px solid var(--line); border-radius: 0.9rem; border-collapse: separate; border-spacing: 0; background: var(--card); margin-bottom: 1rem; }
.flow thead th { border-top: 0; }
.flow th { max-width: 22rem; }
@media (max-width: 45rem) {
  .stacked, .stacked tbody, .stacked tr, .stacked th, .stacked td, .stacked caption { display: block; padding: 0; border: 0; text-align: start; max-width: none; }
  .stacked caption { padding: 0.5rem 0; }
  .stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stacked tr { padding: 0.8rem 1rem; border-top: 1px solid var(--line); }
  .stacked.flow { border: 1px solid var(--line); }
  .stacked.flow tr:first-child { border-top: 0; }
  .stacked td { padding-top: 0.15rem; }
  .zone-records .number, .zone-records .kind-of { display: inline-block; margin-inline-end: 0.9rem; }
  .unit { display: inline; color: var(--soft); }
}
`
