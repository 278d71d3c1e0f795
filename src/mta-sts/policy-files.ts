import { policyHostName, policyId, policyText } from '../../records/families/mta-sts/policy.js'
import { displayName, withoutDot } from '../../records/rr/name.js'
import type { Domain } from '../../records/spec.js'
import type { ServedPolicy } from './served-policy.js'
import { caddySnippet, nginxSnippet, workerSnippet } from './snippets.js'

/** The MTA-STS policies of some domains, in the order of their hosts. */
export function servedPolicies(domains: readonly Domain[]): ServedPolicy[] {
  const found = domains.flatMap((domain): ServedPolicy[] => {
    const text = policyText(domain)
    if (text === undefined) return []
    const host = withoutDot(policyHostName(domain.name))
    return [{ domain: displayName(domain.name), host, id: policyId(text), text }]
  })
  return found.sort((a, b) => (a.host < b.host ? -1 : 1))
}

/** Path → text of all there is to serve policies with: a folder of files for each host, and one snippet a web server for all of them. */
export function policyFiles(policies: readonly ServedPolicy[]): Map<string, string> {
  if (policies.length === 0) return new Map()
  return new Map([
    ...policies.map(({ host, text }) => [`mta-sts/${host}/.well-known/mta-sts.txt`, text] as const),
    ['mta-sts/nginx.conf', nginxSnippet(policies)],
    ['mta-sts/Caddyfile', caddySnippet(policies)],
    ['mta-sts/worker.js', workerSnippet(policies)],
  ])
}
