import { MailsyncError } from '../../../records/error.js'
import { specView } from '../../dmarc/reports/judge/spec-view.js'
import { type ReadReports, readReports } from '../../dmarc/reports/read-reports.js'
import type { AggregateReport } from '../../dmarc/reports/report.js'
import { type DomainSummary, reportSummary } from '../../dmarc/reports/summary.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { readSelection } from '../../plan/select.js'
import { progressLine } from '../../progress.js'
import { renderDmarcReportJson } from '../../render/json/dmarc-report-json.js'
import { renderDmarcReportMarkdown } from '../../render/markdown/dmarc-report-markdown.js'
import { renderDmarcReport } from '../../render/text/dmarc/report-text.js'
import { print } from '../../render/text/print.js'
import { openSession, type Session } from '../../session.js'

export interface DmarcReportOptions {
  readonly config: string
  /** Files and folders; `-` is standard input. */
  readonly files: readonly string[]
  readonly domain: readonly string[]
  /** `YYYY-MM-DD`. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly format: 'text' | 'json' | 'markdown'
}

/**
 * `mailsync dmarc report`: what receivers report of the mail of the spec's domains, by who sent it. Ends with 1 where a file
 * cannot be read, as then something is missing; what fails in the reports is what they are for, and no error.
 */
export async function dmarcReport(options: DmarcReportOptions, io: Io): Promise<ExitCode> {
  const [since, until] = [dayOption('since', options.since), dayOption('until', options.until)]
  const session = await openSession({ file: options.config, env: io.env, online: false })
  const wanted = readSelection(session.spec, [], options.domain).domains
  const { domains, read } = await summarise(session, options.files, io, (report) => {
    const isWanted = wanted.length === 0 || wanted.includes(report.domain)
    return isWanted && report.end >= (since ?? 0) && report.begin < (until ?? Number.POSITIVE_INFINITY) + DAY
  })
  if (options.format === 'json') io.out.write(renderDmarcReportJson(domains, read, session.locate))
  else if (options.format === 'markdown') io.out.write(renderDmarcReportMarkdown(domains, read, session.locate))
  else print(io.out, renderDmarcReport(domains, read, { colour: io.out.colour, locate: session.locate }))
  return read.faults.length > 0 ? 1 : 0
}

const DAY = 86_400

/** Reads reports and judges them by the spec. */
export async function summarise(
  { spec, keys }: Pick<Session, 'spec' | 'keys'>,
  files: readonly string[],
  io: Io,
  isWanted: (report: AggregateReport) => boolean = () => true,
): Promise<{ readonly domains: readonly DomainSummary[]; readonly read: ReadReports }> {
  const summary = reportSummary(specView(spec, keys), isWanted)
  const progress = progressLine(io, 'reading reports')
  try {
    const read = await readReports(files, {
      take: summary.add,
      input: io.input,
      signal: io.signal,
      onProgress: progress.update,
    })
    return { domains: summary.domains(), read }
  } finally {
    progress.end()
  }
}

/** The first second of a day. */
function dayOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) / 1000 : Number.NaN
  if (Number.isFinite(seconds) && new Date(seconds * 1000).toISOString().startsWith(text)) return seconds
  throw new MailsyncError('usage', `--${name} ${text}: that is no day`, { hint: `write it as --${name} 2026-11-27` })
}
