import { heldAddress } from '../../../../records/rr/address.js'
import { isWithin, type Name, parseName } from '../../../../records/rr/name.js'
import type { DmarcPolicy } from '../../../../records/spec.js'
import { REPORT_LIMITS } from '../limits.js'
import type { AggregateReport, ReportRow } from '../report.js'
import { readXmlTree, type XmlElement, XmlFault } from './xml-tree.js'

/** XML that is something else than an aggregate report. */
export class NoReport extends Error {
  override readonly name = 'NoReport'
}

/** The last second that is written with four digits of the year. */
const LAST_SECOND = 253_402_300_799

/**
 * Reads an aggregate report, of RFC 9990 or of the form before it, whatever the namespace. What no report can be without has to
 * be there and sound; the rest is taken as it is.
 *
 * Throws {@link NoReport} where the root is no `feedback`, {@link XmlFault} with what is wrong else.
 */
export function parseReport(text: string): AggregateReport {
  const sections = new Map<string, XmlElement>()
  const rows: ReportRow[] = []
  let others = 0
  const root = readXmlTree(text, (element, name) => {
    if (name !== 'feedback') throw notFeedback(name)
    if (element.name !== 'record') {
      others += 1
      if (others > REPORT_LIMITS.sections) throw new XmlFault('it has too many elements beside its records')
      sections.set(element.name, sections.get(element.name) ?? element)
    } else if (rows.length < REPORT_LIMITS.records) rows.push(readRow(element, rows.length + 1))
    else throw new XmlFault(`it has more than ${REPORT_LIMITS.records} records`)
  })
  if (root !== 'feedback') throw notFeedback(root)
  const metadata = needed(sections.get('report_metadata'), 'report_metadata')
  const published = needed(sections.get('policy_published'), 'policy_published')
  const domain = readDomain(textOf(published, 'domain'), 'policy_published/domain')
  const stray = rows.find(({ headerFrom }) => !isWithin(headerFrom, domain))
  if (stray) throw new XmlFault(`it is about ${domain}, and a record is of ${stray.headerFrom}, which is not below it`)
  const policy = policyOf(textOf(published, 'p'))
  return {
    org: someText(metadata, 'org_name'),
    id: someText(metadata, 'report_id'),
    ...readPeriod(childOf(metadata, 'date_range')),
    domain,
    ...(policy === undefined ? {} : { policy }),
    testing: textOf(published, 'testing').toLowerCase() === 'y',
    rows,
  }
}

function readPeriod(range: XmlElement | undefined): { begin: number; end: number } {
  const [begin, end] = ['begin', 'end'].map((name) => {
    const found = /^\d{1,12}$/.exec(textOf(range, name))
    const seconds = found ? Number(found[0]) : Number.NaN
    if (seconds <= LAST_SECOND) return seconds
    throw new XmlFault(`date_range/${name} is no number of seconds since 1970`)
  }) as [number, number]
  if (end < begin) throw new XmlFault('date_range ends before it begins')
  if (end - begin > REPORT_LIMITS.period) throw new XmlFault('date_range is longer than a month')
  return { begin, end }
}

function readRow(record: XmlElement, number: number): ReportRow {
  try {
    const row = needed(childOf(record, 'row'), 'row')
    const evaluated = childOf(row, 'policy_evaluated')
    const results = childOf(record, 'auth_results')
    const isPass = (name: string): boolean => textOf(evaluated, name).toLowerCase() === 'pass'
    return {
      source: readSource(textOf(row, 'source_ip')),
      count: readCount(textOf(row, 'count')),
      disposition: textOf(evaluated, 'disposition').toLowerCase(),
      dkim: isPass('dkim'),
      spf: isPass('spf'),
      reasons: childrenOf(evaluated, 'reason').map((reason) => textOf(reason, 'type').toLowerCase()),
      headerFrom: readDomain(textOf(childOf(record, 'identifiers'), 'header_from'), 'header_from'),
      signatures: childrenOf(results, 'dkim').map((one) => ({
        domain: shownDomain(textOf(one, 'domain')),
        selector: textOf(one, 'selector').toLowerCase(),
        result: textOf(one, 'result').toLowerCase(),
      })),
      spfResults: childrenOf(results, 'spf').map((one) => ({
        domain: shownDomain(textOf(one, 'domain')),
        scope: textOf(one, 'scope').toLowerCase() || 'mfrom',
        result: textOf(one, 'result').toLowerCase(),
      })),
    }
  } catch (error) {
    throw error instanceof XmlFault ? new XmlFault(`record ${number}: ${error.message}`) : error
  }
}

/** A receiver that listens on IPv6 alone tells IPv4 as it sees it, `::ffff:192.0.2.10`. */
function readSource(text: string): ReportRow['source'] {
  const address = heldAddress(text)
  if (address !== undefined) return address.replace(/^::ffff:(?=\d+\.)/, '') as ReportRow['source']
  throw new XmlFault('source_ip is no IP address')
}

function readCount(text: string): number {
  const count = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
  if (count <= REPORT_LIMITS.messages) return count
  throw new XmlFault(`count is no number of messages up to ${REPORT_LIMITS.messages}`)
}

function readDomain(text: string, what: string): Name {
  const name = parseName(text)
  if (typeof name === 'string' && name !== '.') return name
  throw new XmlFault(`${what} is no domain`)
}

/** As reports have it, where it is a name at all without its last dot and in lower case. */
function shownDomain(text: string): string {
  return text.toLowerCase().replace(/\.$/, '')
}

function policyOf(text: string): DmarcPolicy | undefined {
  const lower = text.toLowerCase()
  return lower === 'none' || lower === 'quarantine' || lower === 'reject' ? lower : undefined
}

function notFeedback(root: string): NoReport {
  return new NoReport(`its root is ${root}, not feedback`)
}

function needed(element: XmlElement | undefined, name: string): XmlElement {
  if (element) return element
  throw new XmlFault(`it has no ${name}`)
}

function someText(element: XmlElement, name: string): string {
  const text = textOf(element, name)
  if (text !== '') return text
  throw new XmlFault(`it has no ${name}`)
}

function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name)
}

function textOf(element: XmlElement | undefined, name: string): string {
  return childOf(element, name)?.text ?? ''
}
