import { type DayEvidence, daysOf } from '../../../records/families/dmarc/ramp/day.js'
import type { Address } from '../../../records/rr/address.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import type { DmarcPolicy, Domain } from '../../../records/spec.js'
import { judgeRow } from './judge/judge-row.js'
import type { SpecView } from './judge/spec-view.js'
import type { Advice, SourceKind, Verdict } from './judge/verdict.js'
import { type AggregateReport, passes, type ReportRow } from './report.js'

/** What all reports say of one domain. */
export interface DomainSummary {
  readonly domain: Name
  /** Undefined where it is neither in the spec nor below a domain of it. */
  readonly spec: Domain | undefined
  /** Seconds since 1970. */
  readonly begin: number
  readonly end: number
  readonly reports: number
  /** Who sent them, and how many. */
  readonly reporters: ReadonlyMap<string, number>
  /** What was published, by the report that ends last. */
  readonly policy: DmarcPolicy | undefined
  readonly messages: number
  readonly passing: number
  /** Most messages first. */
  readonly sources: readonly Source[]
  readonly days: readonly DayEvidence[]
}

/** Messages that one sender sent, and that have the same lot. */
export interface Source {
  readonly kind: SourceKind
  readonly who: string
  readonly relay?: Verdict['relay']
  readonly messages: number
  readonly passing: number
  /** Those that receivers rejected or put aside. */
  readonly stopped: number
  readonly addresses: ReadonlyMap<Address, number>
  /** Domains in From that are not the domain itself. */
  readonly from: ReadonlySet<string>
  readonly advice: readonly (Advice & { readonly messages: number })[]
}

interface Building {
  readonly domain: Name
  readonly spec: Domain | undefined
  begin: number
  end: number
  reports: number
  readonly reporters: Map<string, number>
  policy: DmarcPolicy | undefined
  readonly sources: Map<string, OneSource>
  readonly days: Map<string, DayEvidence>
}

interface OneSource {
  readonly verdict: Verdict
  messages: number
  passing: number
  stopped: number
  readonly addresses: Map<Address, number>
  readonly from: Set<string>
  readonly advice: Map<string, Advice & { messages: number }>
}

/** Adds up reports, domain by domain, as they come: a year of them is more than has room in memory. */
export function reportSummary(
  view: SpecView,
  isWanted: (report: AggregateReport) => boolean,
): { readonly add: (report: AggregateReport) => void; readonly domains: () => DomainSummary[] } {
  const domains = new Map<Name, Building>()
  return {
    add: (report) => {
      if (!isWanted(report)) return
      const found = domains.get(report.domain) ?? emptySummary(report, view)
      domains.set(report.domain, found)
      addReport(found, report, view)
    },
    domains: () => [...domains.values()].map(finished).sort(worstFirst),
  }
}

function emptySummary({ domain, begin, end, policy }: AggregateReport, view: SpecView): Building {
  return {
    domain,
    spec: view.domainOf(domain),
    begin,
    end,
    reports: 0,
    reporters: new Map(),
    policy,
    sources: new Map(),
    days: new Map(),
  }
}

function addReport(into: Building, report: AggregateReport, view: SpecView): void {
  const { org, begin, end, policy, testing, rows } = report
  into.reports += 1
  more(into.reporters, org, 1)
  if (end >= into.end) into.policy = policy
  into.begin = Math.min(into.begin, begin)
  into.end = Math.max(into.end, end)
  const published = testing ? undefined : policy
  let [messages, failing] = [0, 0]
  for (const row of rows) {
    const owner = view.domainOf(row.headerFrom)
    const verdict: Verdict = owner ? judgeRow(row, owner, view) : { kind: 'stranger', who: row.source, advice: [] }
    addRow(into, row, verdict)
    if (verdict.kind === 'stranger') continue
    messages += row.count
    if (!passes(row)) failing += row.count
  }
  const days = daysOf(begin, end)
  for (const day of days) {
    const key = `${day} ${published}`
    const before = into.days.get(key)
    // What a report of several days tells counts once, for the last of them: the latest days are what is judged.
    const [more, fails] = day === days.at(-1) ? [messages, failing] : [0, 0]
    into.days.set(key, {
      day,
      published,
      messages: (before?.messages ?? 0) + more,
      failing: (before?.failing ?? 0) + fails,
    })
  }
}

function addRow(into: Building, row: ReportRow, verdict: Verdict): void {
  const key = `${verdict.kind} ${verdict.who}`
  const source = into.sources.get(key) ?? {
    verdict,
    messages: 0,
    passing: 0,
    stopped: 0,
    addresses: new Map(),
    from: new Set(),
    advice: new Map(),
  }
  into.sources.set(key, source)
  source.messages += row.count
  if (passes(row)) source.passing += row.count
  if (row.disposition === 'reject' || row.disposition === 'quarantine') source.stopped += row.count
  more(source.addresses, row.source, row.count)
  if (row.headerFrom !== into.domain && source.from.size < 100) source.from.add(displayName(row.headerFrom))
  for (const advice of verdict.advice) {
    const before = source.advice.get(advice.message)
    if (before) before.messages += row.count
    else source.advice.set(advice.message, { ...advice, messages: row.count })
  }
}

function more<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

function finished({ sources, days, ...rest }: Building): DomainSummary {
  const all = [...sources.values()]
    .map(
      ({ verdict: { kind, who, relay }, advice, ...source }): Source => ({
        kind,
        who,
        ...(relay && { relay }),
        ...source,
        advice: [...advice.values()].sort((a, b) => b.messages - a.messages),
      }),
    )
    .sort((a, b) => b.messages - a.messages || (a.who < b.who ? -1 : 1))
  const sum = (of: (source: Source) => number): number => all.reduce((total, source) => total + of(source), 0)
  return {
    ...rest,
    messages: sum(({ messages }) => messages),
    passing: sum(({ passing }) => passing),
    sources: all,
    days: [...days.values()].sort((a, b) => a.day - b.day),
  }
}

/** Domains of the spec with what is to be done first, then by name from the top of DNS. */
function worstFirst(a: DomainSummary, b: DomainSummary): number {
  const todo = ({ spec, sources }: DomainSummary): number =>
    spec === undefined ? 2 : sources.some(({ kind }) => kind === 'failing' || kind === 'unlisted') ? 0 : 1
  return todo(a) - todo(b) || (a.domain < b.domain ? -1 : a.domain > b.domain ? 1 : 0)
}
