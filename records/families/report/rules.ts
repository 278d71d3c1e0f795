import { displayName, zoneOf } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { foreignReportDomains, reportDomains } from '../dmarc/report-domains.js'

const reportsElsewhere: Rule = ({ domains, zones }) =>
  domains.flatMap((domain) =>
    foreignReportDomains(domain)
      .filter((reportTo) => zoneOf(reportTo, zones) === undefined)
      .map((reportTo) =>
        finding(
          'note',
          'dmarc-report-elsewhere',
          domain.dmarc === false ? domain.from : domain.dmarc.from,
          `reports of ${displayName(domain.name)} go to ${displayName(reportTo)}, which must allow it (RFC 9990 §4)`,
          `there: ${domain.name}_report._dmarc.${reportTo} TXT "v=DMARC1;"`,
        ),
      ),
  )

export const ANOTHER_MAILBOX = 'name an address at a domain that receives mail under dmarc.rua and dmarc.ruf'

const reportsToNullMx: Rule = ({ domains }) => {
  const closed = new Map(
    domains.filter(({ mail, mx }) => mail === 'none' || mx === 'none').map((domain) => [domain.name, domain]),
  )
  return domains.flatMap((domain) =>
    reportDomains(domain)
      .filter((reportTo) => closed.has(reportTo))
      .map((reportTo) =>
        finding(
          'warning',
          'dmarc-report-null-mx',
          domain.dmarc === false ? domain.from : domain.dmarc.from,
          `DMARC reports of ${displayName(domain.name)} go to ${displayName(reportTo)}, which takes no mail: ${closed.get(reportTo)?.mail === 'none' ? 'it is parked' : 'its MX is the null MX'} (RFC 7505)`,
          ANOTHER_MAILBOX,
        ),
      ),
  )
}

export const reportRules: readonly Rule[] = [reportsElsewhere, reportsToNullMx]
