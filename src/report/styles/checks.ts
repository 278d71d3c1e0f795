import { html } from '../html/html.js'

/** What receivers see. */
export const checks = html`
.opinions { margin-bottom: 1.25rem; max-width: 52rem; }
.opinions li { padding: 0.15rem 0; }
.checks thead th:nth-child(2) { width: 6.5rem; }
.checks thead th:last-child { width: 22%; }
.checks .topic { display: block; }
.verdict { font-weight: 600; }
.verdict.fail { color: var(--gone); }
.verdict.unknown, .verdict.warn { color: var(--changed); }
.verdict.pass { color: var(--new); }
.asked { color: var(--soft); font-size: 0.85rem; margin-top: 0.15rem; }
.passing > summary { color: var(--soft); padding: 0.35rem 0; }
.passing > table { margin-top: 0.75rem; }
`
