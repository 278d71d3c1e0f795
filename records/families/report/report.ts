import { joinName, type Name, zoneOf } from '../../rr/name.js'
import type { Domain } from '../../spec.js'
import { isDmarcValue, readUris, readVersioned, targetsOf } from '../dmarc/read-dmarc.js'
import { foreignReportDomains } from '../dmarc/report-domains.js'
import type { ReportUri } from '../dmarc/report-uri.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { type Fault, none, type Reading, readTxt, sameReading } from '../reading.js'
import { observeReports } from './observe.js'
import { reportRules } from './rules.js'

const UNDER = '._report._dmarc.'

/** A `_report._dmarc` authorisation (RFC 9990 §4). */
export interface ReportRecord {
  /** Where reports go instead of where the policy says; mostly empty. */
  readonly rua: readonly ReportUri[]
}

/** Whose DMARC reports a domain takes. */
export const report: Family<'report', ReportRecord> = {
  purpose: 'report',
  types: ['TXT'],
  rank: 5,
  isOwn: isDmarcValue,
  read,
  write,
  same: (a, b) => sameReading([a, b], read, ({ rua }) => JSON.stringify(targetsOf(rua))),
  compile: ({ domains, zones, spec }) => ({
    records: domains.flatMap((domain) =>
      foreignReportDomains(domain)
        .filter((reportTo) => {
          const zone = zoneOf(reportTo, zones)
          return zone !== undefined && zone !== zoneOf(domain.name, zones)
        })
        .map((reportTo) => reportRecord(domain, reportTo, spec.ttl)),
    ),
  }),
  rules: reportRules,
  observe: observeReports,
  words: {
    noun: 'DMARC reports',
    topic: 'Whose reports are taken (DMARC)',
    form: 'tags',
    about: 'domain',
    subjects: () => [],
    effect({ name, step }) {
      const [about = name, to = name] = name.split(UNDER, 2)
      return `DMARC reports about ${about} are ${step === 'ends' ? 'no longer ' : ''}taken at ${to}`
    },
  },
}

/** With the semicolon, which strict readers want (erratum 5440 of RFC 7489). */
function write({ rua }: ReportRecord): string {
  return rua.length === 0 ? 'v=DMARC1;' : `v=DMARC1; rua=${rua.map(({ uri }) => uri).join(',')}`
}

/** Reads an authorisation: `v=DMARC1` is all it needs, with or without a semicolon. */
function read(text: string): Reading<ReportRecord> {
  return readTxt(text, (value) => {
    const list = readVersioned(value)
    if (list.value === undefined) return none(list.faults)
    const faults: Fault[] = [...list.faults]
    const rua = readUris('rua', list.value.find(({ name }) => name === 'rua')?.value, faults)
    return { value: { rua }, faults }
  })
}

/** The authorisation at the report domain: `<domain>._report._dmarc.<report domain>` (RFC 9990 §4). */
function reportRecord(domain: Domain, reportTo: Name, ttl: number): MailRecord {
  const name = joinName(`${domain.name}_report._dmarc`, reportTo)
  const from = domain.dmarc === false ? domain.from : [...domain.dmarc.from, 'rua']
  return { rrset: { type: 'TXT', name, ttl, rdata: [write({ rua: [] })] }, purpose: 'report', from }
}
