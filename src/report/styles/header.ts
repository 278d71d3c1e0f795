import { html } from '../html/html.js'

export const header = html`
.summary { padding: 3.5rem 0 0; }
.eyebrow { display: flex; flex-wrap: wrap; gap: 0.25rem 0.9rem; align-items: baseline; color: var(--soft); font-size: 0.9rem; font-weight: 600; }
.eyebrow .place, .owner-id { font-weight: 400; }
.owner-id { font-size: 0.8rem; }
h1 { font-size: clamp(1.9rem, 1.3rem + 2.6vw, 2.9rem); font-weight: 700; letter-spacing: -0.028em; margin: 0.6rem 0 0.5rem; }
.lead { font-size: 1.125rem; color: var(--soft); max-width: 44rem; }
.counts { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); margin-top: 1.75rem; border: 1px solid var(--line); border-radius: 0.9rem; background: var(--card); }
.counts > div { display: flex; flex-direction: column-reverse; padding: 0.9rem 1.2rem; border-inline-start: 1px solid var(--line); }
.counts > div:first-child { border-inline-start: 0; }
.counts dd { font-size: 1.7rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.counts dt { font-size: 0.85rem; color: var(--soft); }
.counts .sign { display: inline-block; width: 1.1em; font-weight: 500; }
.counts .create dd { color: var(--new); }
.counts .update dd { color: var(--changed); }
.counts .delete dd { color: var(--gone); }
.counts .same dd, .counts .zero dd { color: var(--soft); }
.points { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 1rem; }
.points li { font-size: 0.9rem; border-radius: 0.6rem; background: var(--note-ground); color: var(--note); }
.points a { display: block; padding: 0.35rem 0.75rem; text-decoration-color: transparent; }
.points a:hover { text-decoration-color: currentColor; }
.points .error { background: var(--gone-ground); color: var(--gone); font-weight: 600; }
.points .guard, .points .warning { background: var(--changed-ground); color: var(--changed); }
.effects { margin-top: 1.5rem; columns: 24rem 2; column-gap: 2.5rem; font-size: 0.95rem; }
.effects li { break-inside: avoid; padding: 0 0 0.4rem 1.1rem; position: relative; }
.effects li::before { content: "–"; position: absolute; left: 0; color: var(--soft); }
@media (max-width: 45rem) {
  .summary { padding-top: 2rem; }
  .counts { grid-template-columns: 1fr 1fr; }
  .counts > div { padding: 0.7rem 1rem; }
  .counts > div:nth-child(odd) { border-inline-start: 0; }
  .counts > div:nth-child(n + 3) { border-top: 1px solid var(--line); }
}
`
