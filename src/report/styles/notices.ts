import { html } from '../html/html.js'

/** Problems, and steps for a person. */
export const notices = html`
.notices, .steps { border: 1px solid var(--line); border-radius: 0.9rem; background: var(--card); overflow: hidden; }
.notice, .steps > li { display: grid; gap: 0.25rem 1rem; align-items: start; padding: 1rem 1.2rem; border-top: 1px solid var(--line); }
.notice { grid-template-columns: 9.5rem minmax(0, 1fr) auto; }
.alike { border-top: 1px solid var(--line); }
.alike summary { padding: 0.7rem 1.2rem; color: var(--soft); font-size: 0.9rem; }
.notices > .notice:first-child, .steps > li:first-child { border-top: 0; }
.level { font-weight: 600; font-size: 0.9rem; line-height: 1.65; }
.level::before { content: ""; display: inline-block; width: 0.6rem; height: 0.6rem; margin-inline-end: 0.55rem; border-radius: 50%; background: currentColor; }
.notice.error .level { color: var(--gone); }
.notice.error .level::before { border-radius: 0; }
.notice.guard .level, .notice.warning .level { color: var(--changed); }
.notice.warning .level::before { border-radius: 0; transform: rotate(45deg) scale(0.9); }
.notice.note .level { color: var(--soft); }
.message, .what { font-weight: 550; max-width: 44rem; }
.hint, .why { color: var(--soft); max-width: 44rem; margin-top: 0.15rem; }
.what::first-letter, .why::first-letter, .hint::first-letter { text-transform: uppercase; }
.whence { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; margin-top: 0.35rem; font-size: 0.85rem; color: var(--soft); }
.notes { margin-top: 1rem; color: var(--soft); }
.notes > ul { margin-top: 0.75rem; color: var(--ink); }
.notes .message { font-weight: 400; }
.lines ul { padding: 0.5rem 0; }
.steps { counter-reset: step; }
.steps > li { counter-increment: step; grid-template-columns: 1.6rem minmax(0, 1fr) auto; }
.steps > li::before { content: counter(step); font-weight: 600; color: var(--soft); font-variant-numeric: tabular-nums; }
@media (max-width: 45rem) {
  .notice, .steps > li { padding: 0.9rem 1rem; }
  .notice { grid-template-columns: minmax(0, 1fr) auto; }
  .notice .copied { grid-column: 1 / -1; grid-row: 2; }
  .steps > li { grid-template-columns: 1.2rem minmax(0, 1fr); }
  .steps .copy { grid-column: 2; justify-self: start; margin-top: 0.4rem; }
}
`
