import type {
  SpfCheck,
  SpfRecordTrace,
  SpfResult,
  SpfTermTrace,
} from '../../../../records/families/spf/evaluate/trace.js'
import { LOOKUP_LIMIT, VOID_LIMIT } from '../../../../records/families/spf/graph.js'
import { withoutDot } from '../../../../records/rr/name.js'
import { inert } from '../../inert.js'
import { count } from '../../words.js'
import { paint, type Style } from '../paint.js'

const STYLE: Record<SpfResult, Style> = {
  pass: 'green',
  fail: 'red',
  permerror: 'red',
  temperror: 'yellow',
  softfail: 'yellow',
  neutral: 'plain',
  none: 'plain',
}

/** Terms are filled up to here. */
const MOST_WIDTH = 40
const NETWORK = /^[-+~?]?ip[46]:/i
const LONG_RUN = 4

/** One line: who was checked, the result, and what it cost. */
export function renderSpfResult(who: string, { result, lookups, voids }: SpfCheck, colour: boolean): string {
  const cost = `${lookups} of ${LOOKUP_LIMIT} look-ups, ${voids} of ${VOID_LIMIT} that find nothing`
  return `${inert(who)}  ${paint(result, STYLE[result], colour)}  ${cost}`
}

/** The records and terms in the order they were evaluated, each with its cost; and what `exp` says. */
export function renderSpfTree({ tree, explanation }: SpfCheck): string[] {
  return [...recordLines(tree), ...(explanation === undefined ? [] : [`  the explanation: ${inert(explanation)}`])]
}

function recordLines({ domain, record, result, why, terms }: SpfRecordTrace): string[] {
  const rows = shortened(terms)
  const width = Math.min(Math.max(0, ...rows.map(({ term }) => inert(term).length)), MOST_WIDTH)
  const isAtFault = why !== undefined && rows.every(({ outcome }) => !outcome.endsWith('error'))
  const head = `${inert(domain)}  ${result}${isAtFault ? `: ${inert(why)}` : ''}`
  return [
    head,
    ...(record !== undefined && terms.length === 0 ? [`  ${inert(record)}`] : []),
    ...rows.flatMap((term) => termLines(term, width).map((line) => `  ${line}`)),
  ]
}

/** Long lists of networks that end alike, which cost nothing, in a line each. */
function shortened(terms: readonly SpfTermTrace[]): SpfTermTrace[] {
  const rows: SpfTermTrace[] = []
  for (let index = 0; index < terms.length; ) {
    const first = terms[index] as SpfTermTrace
    const run = terms.slice(index).findIndex(({ term, outcome }) => !NETWORK.test(term) || outcome !== first.outcome)
    const length = run < 0 ? terms.length - index : run
    const last = terms[index + length - 1]
    if (length < LONG_RUN || first.outcome === 'match' || last === undefined) {
      rows.push(...terms.slice(index, index + Math.max(length, 1)))
      index += Math.max(length, 1)
    } else {
      rows.push({ ...first, term: `${first.term} … ${last.term} (${length})` })
      index += length
    }
  }
  return rows
}

function termLines(trace: SpfTermTrace, width: number): string[] {
  const { term, outcome, lookups, voids, target, why, record } = trace
  const isExpanded = target !== undefined && term.includes('%')
  const cost = [...(lookups > 0 ? [count(lookups, 'look-up')] : []), ...(voids > 0 ? [`${voids} finding nothing`] : [])]
  const head = [
    inert(term).padEnd(width),
    outcome.padEnd(cost.length > 0 || isExpanded ? 11 : 0),
    cost.join(', '),
    isExpanded ? `asked for ${inert(withoutDot(target))}` : '',
  ]
  const isHere = why !== undefined && !record?.why && outcome.endsWith('error')
  return [
    head.filter((part) => part !== '').join('  '),
    ...(isHere ? [`  ${inert(why)}`] : []),
    ...(record ? recordLines(record).map((line) => `  ${line}`) : []),
  ]
}
