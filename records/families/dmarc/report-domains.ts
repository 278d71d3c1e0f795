import { isWithin, type Name } from '../../rr/name.js'
import type { Domain } from '../../spec.js'
import { readReportUri } from './report-uri.js'

/** The domains that the reports of a domain go to, each once. */
export function reportDomains({ dmarc }: Domain): Name[] {
  if (dmarc === false) return []
  const read = [...dmarc.rua, ...dmarc.ruf].map(readReportUri)
  return [...new Set(read.flatMap((uri) => (typeof uri === 'string' ? [] : (uri.address?.domain ?? []))))]
}

/** Those that have to say they want the domain's reports (RFC 9990 §4): they are no kin of it. */
export function foreignReportDomains(domain: Domain): Name[] {
  return reportDomains(domain).filter((name) => !isWithin(name, domain.name) && !isWithin(domain.name, name))
}
