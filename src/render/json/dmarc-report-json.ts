import { displayName } from '../../../records/rr/name.js'
import type { ReadReports } from '../../dmarc/reports/read-reports.js'
import type { DomainSummary, Source } from '../../dmarc/reports/summary.js'
import { instantText } from '../../instant.js'
import type { Locate } from '../../problem.js'
import { snippet } from '../text/relays-text.js'
import { jsonText } from './json-text.js'

/** What reports say, whole. */
export function renderDmarcReportJson(domains: readonly DomainSummary[], read: ReadReports, locate: Locate): string {
  return jsonText({
    format: 'mailsync-dmarc-report',
    version: 1,
    reports: read.reports,
    duplicates: read.duplicates,
    withoutReport: read.others,
    faults: read.faults.map(({ label, reason }) => ({ file: label, reason })),
    domains: domains.map((domain) => domainData(domain, locate)),
  })
}

function domainData(summary: DomainSummary, locate: Locate): object {
  const { domain, spec, begin, end, reports, reporters, policy, messages, passing, sources } = summary
  return {
    domain: displayName(domain),
    inSpec: spec !== undefined,
    begin: instantText(begin),
    end: instantText(end),
    reports,
    reporters: [...reporters].map(([name, number]) => ({ name, reports: number })),
    published: policy ?? null,
    messages,
    passing,
    sources: sources.map((source) => sourceData(source, locate)),
  }
}

function sourceData(source: Source, locate: Locate): object {
  const { kind, who, relay, messages, passing, stopped, addresses, from, advice } = source
  return {
    kind,
    who,
    relay: relay?.name ?? null,
    messages,
    passing,
    stopped,
    addresses: [...addresses].map(([address, number]) => ({ address, messages: number })),
    from: [...from],
    advice: advice.map(({ message, hint, from: place, messages: number }) => ({
      message,
      hint: hint ?? null,
      where: place === undefined ? null : locate(place),
      messages: number,
    })),
    snippet: kind === 'unlisted' && relay ? snippet(relay).join('\n') : null,
  }
}
