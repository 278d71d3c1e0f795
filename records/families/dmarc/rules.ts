import { displayName, zoneOf } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { sendingHosts } from '../spf/spf.js'
import { foreignReportDomains } from './dmarc.js'

const dmarcWithoutDkim: Rule = ({ domains, hosts }) =>
  domains.flatMap((domain) => {
    if (domain.mail === 'none' || domain.dmarc === false || domain.dkim !== false || domain.spf === false) return []
    const ours = sendingHosts(domain, hosts).length > 0
    if (domain.dmarc.policy !== 'reject' || !(ours || domain.spf.include.length > 0)) return []
    return [
      finding(
        'warning',
        'dmarc-reject-without-dkim',
        domain.dmarc.from,
        `${displayName(domain.name)} asks to reject what fails DMARC, and nothing of ours signs with DKIM: forwarded mail would be lost (RFC 9989 §7.4)`,
        ours ? 'turn DKIM on' : 'make sure that every relay signs for this domain',
      ),
    ]
  })

const dmarcSilent: Rule = ({ domains }) =>
  domains.flatMap(({ mail, dmarc, name }) =>
    mail === 'normal' && dmarc !== false && dmarc.policy === 'none' && dmarc.rua.length === 0
      ? [
          finding(
            'note',
            'dmarc-only-watches',
            dmarc.from,
            `the DMARC policy of ${displayName(name)} is none and reports go nowhere: it has no effect`,
            'set dmarc.rua to read reports first, then dmarc.policy to quarantine',
          ),
        ]
      : [],
  )

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
          `there: ${domain.name}_report._dmarc.${reportTo} TXT "v=DMARC1"`,
        ),
      ),
  )

export const dmarcRules: readonly Rule[] = [dmarcWithoutDkim, dmarcSilent, reportsElsewhere]
