import { displayName, labelsOf, type Name, withoutDot } from '../../../rr/name.js'
import { faultsText } from '../../reading.js'
import { LOOKUP_LIMIT, VOID_LIMIT } from '../graph.js'
import { hasAll, heeded, isSpfValue, readSpf, type SpfDirective, type SpfRecord } from '../read-spf.js'
import type { SpfDns } from './dns.js'
import { ask } from './evaluation.js'
import { targetName } from './target-name.js'
import type { SpfRecordTrace, SpfTermTrace } from './trace.js'

/** What the SPF of a domain costs a receiver whose client no term matches. */
export interface SpfBudget {
  /** Look-ups of the ten (RFC 7208 §4.6.4); at least, where something is not known. */
  readonly lookups: number
  /** Look-ups that find nothing whoever the client is, of the two. */
  readonly voids: number
  /** What leads to other records whose cost is not known: macros, and names that could not be asked. */
  readonly unknown: readonly string[]
  /** What makes it a permerror. */
  readonly faults: readonly SpfBudgetFault[]
  /** The terms, each with its cost. */
  readonly tree: SpfRecordTrace
}

export interface SpfBudgetFault {
  readonly rule: 'spf-lookups' | 'spf-void-lookups' | 'spf-include-loop' | 'spf-include-without-spf'
  readonly message: string
  /** The term of the first record that leads there; absent where it is all of them together. */
  readonly term?: string
}

/** There is no use in counting further. */
const COUNTED = 40

interface Count {
  readonly dns: SpfDns
  lookups: number
  voids: number
  readonly unknown: string[]
  readonly faults: SpfBudgetFault[]
}

type Cost = Pick<SpfTermTrace, 'outcome'> & Partial<SpfTermTrace>

/** Counts all terms of the SPF of a domain and of those it leads to. */
export async function spfBudget(domain: Name, dns: SpfDns): Promise<SpfBudget> {
  const count: Count = { dns, lookups: 0, voids: 0, unknown: [], faults: [] }
  const tree = await visit(domain, [domain], undefined, count)
  const { lookups, voids, unknown, faults } = count
  const costs = tree.terms.filter((term) => term.lookups > 0).map(({ term, lookups: cost }) => `${term} ${cost}`)
  const over: SpfBudgetFault[] = [
    ...(lookups > LOOKUP_LIMIT
      ? [
          {
            rule: 'spf-lookups' as const,
            message: `needs at least ${lookups} DNS look-ups (${costs.join(', ')}), and receivers stop at ${LOOKUP_LIMIT} (RFC 7208 §4.6.4)`,
          },
        ]
      : []),
    ...(voids > VOID_LIMIT
      ? [
          {
            rule: 'spf-void-lookups' as const,
            message: `has ${voids} look-ups that find nothing, and receivers stop after ${VOID_LIMIT} (RFC 7208 §4.6.4)`,
          },
        ]
      : []),
  ]
  return { lookups, voids, unknown: [...new Set(unknown)], faults: [...faults, ...over], tree }
}

async function visit(
  domain: Name,
  way: readonly Name[],
  first: string | undefined,
  count: Count,
): Promise<SpfRecordTrace> {
  const answer = await ask(count.dns, domain, 'TXT')
  if (answer.kind === 'failure') {
    count.unknown.push(withoutDot(domain))
    return {
      domain: withoutDot(domain),
      result: 'temperror',
      why: answer.why ?? 'it could not be looked up',
      terms: [],
    }
  }
  const values = answer.kind === 'answer' ? answer.records.filter(isSpfValue) : []
  const [value = ''] = values
  const { value: record, faults } = readSpf(value)
  if (values.length !== 1 || !record) {
    const what =
      values.length === 0
        ? 'has no SPF'
        : values.length > 1
          ? `has ${values.length} SPF records`
          : `has an SPF that is wrong: ${faultsText(faults)}`
    const message = `${[...way.slice(1).map((name) => `includes ${displayName(name)}`), what].join(', which ')}: receivers answer permerror (RFC 7208 ${values.length > 1 ? '§4.5' : '§5.2'})`
    count.faults.push({ rule: 'spf-include-without-spf', message, ...(first === undefined ? {} : { term: first }) })
    return { domain: withoutDot(domain), result: values.length === 0 ? 'none' : 'permerror', why: what, terms: [] }
  }
  const terms: SpfTermTrace[] = []
  for (const { term, cost } of costly(record)) {
    const before = { lookups: count.lookups, voids: count.voids }
    const found =
      count.lookups > COUNTED ? { outcome: 'not reached' as const } : await cost(domain, way, first ?? term, count)
    terms.push({ term, ...found, lookups: count.lookups - before.lookups, voids: count.voids - before.voids })
  }
  return { domain: withoutDot(domain), record: value, result: 'neutral', terms }
}

interface Costly {
  readonly term: string
  readonly cost: (domain: Name, way: readonly Name[], first: string, count: Count) => Promise<Cost>
}

function costly(record: SpfRecord): Costly[] {
  const { redirect } = record
  const led = redirect === undefined || hasAll(record) ? [] : [redirect]
  return [
    ...heeded(record).map(
      (directive): Costly => ({
        term: directive.text,
        cost: (domain, way, first, count) => costOf(directive, domain, way, first, count),
      }),
    ),
    ...led.map(
      (target): Costly => ({
        term: `redirect=${target}`,
        cost: (_, way, first, count) => follow(target, way, first, count),
      }),
    ),
  ]
}

async function costOf(
  directive: SpfDirective,
  domain: Name,
  way: readonly Name[],
  first: string,
  count: Count,
): Promise<Cost> {
  if (directive.kind === 'all' || 'network' in directive) return { outcome: 'no match' }
  if (directive.kind === 'include') return follow(directive.domain ?? '', way, first, count)
  count.lookups++
  const isMade = directive.domain?.includes('%') === true
  const target = directive.domain === undefined ? domain : isMade ? undefined : targetName(directive.domain)
  if (target === undefined || directive.kind === 'ptr') return { outcome: 'no match' }
  const types =
    directive.kind === 'mx' ? (['MX'] as const) : directive.kind === 'a' ? (['A', 'AAAA'] as const) : (['A'] as const)
  const answers = await Promise.all(types.map((type) => ask(count.dns, target, type)))
  if (answers.every(({ kind }) => kind === 'nxdomain' || kind === 'nodata')) count.voids++
  return { outcome: 'no match', target }
}

async function follow(spec: string, way: readonly Name[], first: string, count: Count): Promise<Cost> {
  count.lookups++
  if (spec.includes('%')) {
    count.unknown.push(spec)
    return { outcome: 'no match' }
  }
  const target = targetName(spec)
  if (target === undefined || labelsOf(target).length < 2) {
    count.faults.push({
      rule: 'spf-include-without-spf',
      message: `includes ${spec}, which is no domain: receivers answer permerror (RFC 7208 §5.2)`,
      term: first,
    })
    return { outcome: 'permerror', why: `${spec} is no domain` }
  }
  if (way.includes(target)) {
    const [start = target, ...names] = way.slice(way.indexOf(target))
    const circle = names.map((name) => `${displayName(name)}, which includes `).join('')
    const loop = names.length === 0 ? 'itself' : `${circle}it again`
    count.faults.push({
      rule: 'spf-include-loop',
      message: `comes to ${displayName(start)}, which includes ${loop}: receivers answer permerror (RFC 7208 §4.6.4)`,
      term: first,
    })
    return { outcome: 'permerror', target, why: 'a circle' }
  }
  const record = await visit(target, [...way, target], first, count)
  const isWrong = record.result === 'none' || record.result === 'permerror'
  return { outcome: isWrong ? 'permerror' : 'no match', target, record }
}
