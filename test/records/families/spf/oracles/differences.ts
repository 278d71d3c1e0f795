import type { SpfCheck, SpfRecordTrace, SpfTermTrace } from '../../../../../records/families/spf/evaluate/trace.js'
import type { Theirs } from './oracles.js'

/** Where another evaluator differs, and why ours is what RFC 7208 says. */
export interface Difference {
  readonly why: string
  applies(ours: SpfCheck, theirs: Theirs): boolean
}

const has = (ours: SpfCheck, pattern: RegExp) => evaluated(ours.tree).some(({ term }) => pattern.test(term))

/** What pyspf 2.0.14 does otherwise. */
export const PYSPF: readonly Difference[] = [
  {
    why: '§4.6.4 counts terms whose look-up finds nothing; pyspf counts every query, of exchanges, of names of a PTR, of exp',
    applies: (_, { why }) => why.includes('Void lookup limit'),
  },
  {
    why: '§4.6 evaluates from left to right; pyspf refuses an include of its own record before the term that matches',
    applies: (_, { why }) => why.includes('trivial recursion'),
  },
  {
    why: '§5.5 and §7.3 take an error of DNS at a PTR or its names for no match and for unknown; pyspf gives temperror',
    applies: (ours, { why }) => why.includes('DNS failure') && has(ours, /ptr|%\{p\}/i),
  },
  {
    why: '§4.6 evaluates from left to right; pyspf expands the macros of all terms first, and may fail there',
    applies: (ours, { why }) =>
      why.includes('DNS failure') && notReached(ours.tree).some(({ term }) => /%\{p\}/.test(term)),
  },
  {
    why: '§5.4: ours looks no further once an exchange matches; pyspf looks all exchanges up first, and one may fail',
    applies: (ours, { why }) =>
      why.includes('DNS failure') &&
      evaluated(ours.tree).some(({ term, outcome }) => /^\W?mx/.test(term) && outcome === 'match'),
  },
  {
    why: '§4.6 and §6.1 heed redirect once no mechanism matched; pyspf counts its look-up first',
    applies: (ours, { why }) =>
      why.includes('Too many DNS lookups') && all(ours.tree).some(({ term }) => /^redirect=/i.test(term)),
  },
  {
    why: '§7.1 lets % begin nothing but a macro; pyspf takes %{d%{o} for what stands in the last braces',
    applies: ({ tree }) => /%\{[^}]*%\{/.test(tree.why ?? ''),
  },
]

/** What mailauth 4.8.6 does otherwise. */
export const MAILAUTH: readonly Difference[] = [
  {
    why: '§4.6.4 counts terms; mailauth counts queries, those of exchanges among them, and all that find nothing',
    applies: (_, { why }) => /Too many (?:void DNS results|DNS requests)/.test(why),
  },
  {
    why: '§5.6 and §5.3 let a prefix length be 0; mailauth matches nobody then',
    applies: (ours) => has(ours, /\/0$|\/0\/\//),
  },
  { why: '§5.4 lets mx have macros; mailauth takes them as they stand', applies: (ours) => has(ours, /^\W?mx:.*%/) },
  {
    why: '§6.1 and §7.3: %{d} is the domain of the record it stands in; mailauth keeps that of the sender',
    applies: (ours) => has(ours, /%\{d/) && has(ours, /include:|redirect=/),
  },
  {
    why: '§5.5: a ptr that names no domain is about that of its own record; mailauth takes that of the sender',
    applies: (ours) => has(ours, /^\W?ptr$/) && has(ours, /include:|redirect=/),
  },
  { why: '§7.3: mailauth never validates the name of %{p}', applies: (ours) => has(ours, /%\{p\}/) },
  {
    why: '§4.6.4 counts ptr, and a PTR that finds nothing; mailauth does not',
    applies: (ours) => has(ours, /ptr/i) && (ours.voids > 2 || ours.lookups > 10),
  },
]

function all(record: SpfRecordTrace): readonly SpfTermTrace[] {
  return record.terms.flatMap((term) => [term, ...(term.record ? all(term.record) : [])])
}

function evaluated(record: SpfRecordTrace): readonly SpfTermTrace[] {
  return all(record).filter(({ outcome }) => outcome !== 'not reached')
}

function notReached(record: SpfRecordTrace): readonly SpfTermTrace[] {
  return all(record).filter(({ outcome }) => outcome === 'not reached')
}
