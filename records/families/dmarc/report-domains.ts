import { isWithin, type Name } from '../../rr/name.js'
import type { Domain } from '../../spec.js'
import { readReportUri } from './report-uri.js'

/** By the list: several rules ask of each domain, and the list of the defaults is that of most. */
const known = new WeakMap<readonly string[], readonly Name[]>()

/** The domains that the reports of a domain go to, each once. */
export function reportDomains({ dmarc }: Domain): readonly Name[] {
  if (dmarc === false) return []
  const [aggregate, failure] = [domainsOf(dmarc.rua), domainsOf(dmarc.ruf)]
  return failure.length === 0 ? aggregate : [...new Set([...aggregate, ...failure])]
}

function domainsOf(uris: readonly string[]): readonly Name[] {
  const found = known.get(uris) ?? readDomains(uris)
  known.set(uris, found)
  return found
}

function readDomains(uris: readonly string[]): Name[] {
  const read = uris.map(readReportUri)
  return [...new Set(read.flatMap((uri) => (typeof uri === 'string' ? [] : (uri.address?.domain ?? []))))]
}

/** Those that have to say they want the domain's reports (RFC 9990 §4): they are no kin of it. */
export function foreignReportDomains(domain: Domain): Name[] {
  return reportDomains(domain).filter((name) => !isWithin(name, domain.name) && !isWithin(domain.name, name))
}
