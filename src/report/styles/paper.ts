import { html } from '../html/html.js'

/** Print: light colours, everything unfolded, nothing to press. */
export const paper = html`
@media print {
  @page { margin: 16mm 14mm; }
  :root {
    --ground: #ffffff; --card: #ffffff; --faint: #f5f5f2; --line: #d5d5ce; --strong-line: #b0b0a8; --ink: #000000; --soft: #4d545c;
    --new: #12683b; --new-ground: #e4f4ea; --changed: #80500a; --changed-ground: #fbf0d8; --gone: #a8231b; --gone-ground: #fdeae7;
    --receives: #2459b8; --sends: #0c6f6b; --note: #4a5560; --note-ground: #ebedf0;
  }
  body { font-size: 9.5pt; }
  main, footer { max-width: none; padding: 0; }
  .summary { padding-top: 0; }
  section { margin: 1.75rem 0; }
  .copy, .zone-records > summary::before, .in-words:not([open]), .bookkeeping:not([open]) { display: none; }
  ins { text-decoration: underline; }
  .zone-records thead th:nth-child(5) { width: 21%; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .change, .notice, .steps > li, tr, .counts, .map .card { break-inside: avoid; }
  h2, h3, .zone > header { break-after: avoid; }
  .wide { display: block; }
  .narrow { display: none; }
  .zone, .zone-records, .notices, .steps { overflow: visible; }
}
`
