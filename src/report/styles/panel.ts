import { html } from '../html/html.js'

/** What a person enters in a web panel, field by field. */
export const panel = html`
.panel-zone + .panel-zone, .panel-zone + .intro { margin-top: 2rem; }
.panel-zone h3 { margin-bottom: 0.75rem; }
.panel { table-layout: auto; margin-bottom: 0.75rem; }
.panel caption { padding-top: 0; }
.panel th { width: 8.5rem; font-weight: 400; color: var(--soft); font-size: 0.85rem; }
.panel td { width: auto; overflow-wrap: anywhere; }
.panel th:first-child { padding-inline-start: 0; }
.panel td:last-child { width: 5rem; padding-inline-end: 0; text-align: end; }
.panel.is-remove caption { color: var(--gone); }
.panel.is-change caption { color: var(--changed); }
.steps pre { margin: 0.25rem 0; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.remarks { margin: 0.25rem 0 0.5rem; padding-inline-start: 0.9rem; border-inline-start: 3px solid var(--changed); }
.remarks li + li { margin-top: 0.5rem; }
`
