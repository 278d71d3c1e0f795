import { html } from '../html/html.js'

/** Type, rhythm, and what appears everywhere. */
export const base = html`
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 400 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
}
main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h2 { font-size: 1.375rem; font-weight: 650; letter-spacing: -0.012em; }
code, .place, .rule {
  font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  font-size: 0.86em; unicode-bidi: isolate;
}
section { margin: 3.5rem 0; }
section > h2 { margin-bottom: 1rem; }
.intro { color: var(--soft); max-width: 46rem; margin: -0.5rem 0 1.25rem; }
.place { color: var(--soft); font-size: 0.8rem; }
h3 code { font-size: 0.95em; }
.rule { color: var(--soft); font-size: 0.8rem; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.left-out { margin: 1rem 0; padding: 0.75rem 1rem; border: 1px dashed var(--strong-line); border-radius: 0.6rem; color: var(--soft); }
summary { cursor: pointer; border-radius: 0.35rem; }
:focus-visible { outline: 2.5px solid var(--focus); outline-offset: 2px; border-radius: 0.25rem; }
a { color: inherit; text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
.copy {
  font: inherit; font-size: 0.8rem; line-height: 1; color: var(--ink); background: var(--card); white-space: nowrap;
  border: 1px solid var(--strong-line); border-radius: 0.4rem; padding: 0.42rem 0.7rem; cursor: pointer; flex: none; min-width: 4.2rem;
}
.copy:hover { background: var(--faint); }
.copy[hidden] { display: none; }
.chip {
  display: inline-block; font-size: 0.75rem; font-weight: 600; line-height: 1; padding: 0.25rem 0.5rem; border-radius: 1rem; white-space: nowrap;
}
.chip.new { color: var(--new); background: var(--new-ground); }
.chip.changed { color: var(--changed); background: var(--changed-ground); }
.chip.gone { color: var(--gone); background: var(--gone-ground); }
footer { padding-block: 1.5rem 3rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.85rem; }
@media (max-width: 45rem) {
  main, footer { padding-inline: 1rem; }
  section { margin: 2.5rem 0; }
}
`
