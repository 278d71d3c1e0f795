import { html } from '../html/html.js'

/** What is written, record by record. */
export const changes = html`
.zone { border: 1px solid var(--line); border-radius: 0.9rem; background: var(--card); overflow: hidden; }
.zone + .zone { margin-top: 1.5rem; }
.zone > header { padding: 1rem 1.2rem 0.9rem; background: var(--faint); }
.zone h3, .zone-records h3 { font-size: 1.05rem; font-weight: 650; }
.provider, .unicode { font-size: 1rem; font-weight: 400; color: var(--soft); }
.facts { color: var(--soft); font-size: 0.9rem; margin-top: 0.15rem; }
.change {
  display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: 1rem; align-items: baseline;
  border-top: 1px solid var(--line); padding: 0.8rem 1.2rem 0.9rem; border-inline-start: 4px solid transparent;
}
.change.create { border-inline-start-color: var(--new); }
.change.update { border-inline-start-color: var(--changed); }
.change.delete { border-inline-start-color: var(--gone); }
h4 { display: flex; align-items: baseline; font-size: 1rem; font-weight: 600; }
.kind { flex: none; width: 5.6rem; font-size: 0.9rem; }
.create .kind { color: var(--new); }
.update .kind { color: var(--changed); }
.delete .kind { color: var(--gone); }
.what-of { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.8rem; min-width: 0; }
.owner { font-size: 0.95rem; min-width: 0; }
.owner .rest { color: var(--soft); font-weight: 400; }
.type { font-weight: 600; font-size: 0.85rem; }
.purpose, .ttl, .origin { font-weight: 400; font-size: 0.85rem; color: var(--soft); }
.ttl { font-variant-numeric: tabular-nums; }
.edits { grid-column: 1 / -1; margin-inline-start: 5.6rem; }
.asks { display: flex; justify-content: space-between; gap: 1rem; margin-top: 0.4rem; }
.adopts { color: var(--changed); font-weight: 600; font-size: 0.9rem; }
.values { margin-top: 0.25rem; }
.values > li { display: flex; gap: 0.6rem; padding: 0.1rem 0; align-items: baseline; }
.values .sign { flex: none; width: 1ch; font-weight: 700; }
.values .added > .sign, .values .added > code, .values .added > .words { color: var(--new); }
.values .removed > .sign { color: var(--gone); }
.values .removed > code, .values .removed > .words > code, .delete .values code {
  color: var(--gone); text-decoration: line-through; text-decoration-thickness: 1px;
}
.update .values > .kept { color: var(--soft); }
.values:has(> .added, > .removed) > .kept { padding-inline-start: calc(1ch + 0.6rem); }
.words { min-width: 0; word-spacing: 0.3em; }
.words > code, .words > ins, .words > del { display: inline-block; max-width: 100%; }
.tags { flex: 1; min-width: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); column-gap: 1.4rem; }
.tags > div { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; padding: 0.1rem 0; align-items: baseline; }
.tags .kept, .meaning { color: var(--soft); }
.tags .moved dt code { font-weight: 700; }
.meaning { font-size: 0.85rem; }
.tags dd { min-width: 0; }
ins, del { text-decoration: none; border-radius: 0.3rem; padding: 0.05rem 0.35rem; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
ins { color: var(--new); background: var(--new-ground); }
del { color: var(--gone); background: var(--gone-ground); }
del, del code { text-decoration: line-through; text-decoration-thickness: 1px; }
ins:has(details), del:has(details) { display: inline-block; max-width: 100%; }
.becomes { color: var(--soft); }
.empty, .differs { color: var(--soft); font-style: italic; font-size: 0.9rem; }
.stays { margin-top: 0.4rem; font-size: 0.85rem; color: var(--soft); }
.long { display: inline-block; max-width: 100%; vertical-align: top; }
.long .length { white-space: nowrap; word-spacing: normal; color: var(--soft); font-size: 0.8rem; }
.copyable > .copied { min-width: 0; }
span.copyable { display: flex; gap: 0.75rem; align-items: start; padding: 0.35rem 0; }
.bookkeeping { border-top: 1px solid var(--line); padding: 0.7rem 1.2rem; font-size: 0.9rem; color: var(--soft); }
.bookkeeping p { padding-top: 0.4rem; }
.keys > li { display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: baseline; padding: 0.7rem 1.2rem; border-top: 1px solid var(--line); }
.keys .place { margin-inline-start: auto; }
@media (max-width: 45rem) {
  .change { display: block; padding: 0.8rem 0.9rem; }
  h4 { display: block; }
  .edits { margin-inline-start: 0; }
  .kind { display: block; width: auto; margin-bottom: 0.15rem; }
  .what-of { line-height: 1.5; }
  .tags { grid-template-columns: minmax(0, 9rem) minmax(0, 1fr); column-gap: 0.8rem; }
}
`
