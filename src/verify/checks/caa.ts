import type { X509Certificate } from 'node:crypto'
import { writeIssuer } from '../../../records/families/caa/read-caa.js'
import { type Name, parentOf, ROOT, withoutDot } from '../../../records/rr/name.js'
import { caaNamesOf, organisationOf } from '../ask/tls/known-cas.js'
import { mayIssue } from '../ask/tls/may-issue.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofHost } from '../check.js'
import { listed } from '../words.js'

/** Whether the CA that issued the certificate which a host shows may issue the next one, for the name that it is valid by. */
export async function checkCaa(
  host: Name,
  certificate: X509Certificate | undefined,
  { dns }: Pick<World, 'dns'>,
): Promise<Check[]> {
  // Nobody issues one that is signed with its own key.
  if (certificate === undefined || certificate.checkIssued(certificate)) return []
  const organisation = organisationOf(certificate)
  const checks = namesFor(host, certificate).map((wanted) => checkName(host, wanted, organisation, dns))
  return Promise.all(checks)
}

/** A name in a certificate: `*.` and the name, where it is a wildcard. */
interface Wanted {
  readonly name: Name
  readonly isWildcard: boolean
}

/** The names by which a certificate is valid for a host; the host itself where there is none. */
function namesFor(host: Name, { subjectAltName = '' }: X509Certificate): Wanted[] {
  const names = subjectAltName.toLowerCase().split(', ')
  const above = parentOf(host)
  const isBelow = above !== ROOT && names.includes(`dns:*.${withoutDot(above)}`)
  const isOwn = names.includes(`dns:${withoutDot(host)}`) || !isBelow
  return [
    ...(isOwn ? [{ name: host, isWildcard: false }] : []),
    ...(isBelow ? [{ name: above, isWildcard: true }] : []),
  ]
}

async function checkName(
  host: Name,
  { name, isWildcard }: Wanted,
  organisation: string | undefined,
  dns: World['dns'],
): Promise<Check> {
  const for_ = isWildcard ? `, for *.${name}` : ''
  const asked = `${name} CAA, and at the names above${for_}`
  const of = (section?: string) => judge('caa', ofHost(host), asked, section)
  const found = await relevantCaa(name, dns)
  if (found === undefined) return of().pass('none, so that every CA may issue')
  if ('failure' in found)
    return of().unknown(
      `${found.failure}; a CA that gets no answer issues nothing`,
      'see that the name servers answer for CAA',
    )
  const { at, rdata } = found
  const names = caaNamesOf(organisation)
  const issuer = organisation ?? 'a CA that has no name in it'
  const what = isWildcard ? 'the wildcard certificate in use' : 'the certificate in use'
  const means = mayIssue(rdata, names, isWildcard)
  switch (means.kind) {
    case 'critical':
      return of('RFC 8659 §4.5').warn(
        `CAA at ${at} has ${listed(means.tags)} marked as critical: a CA that does not know that must not issue`,
        'take the mark away (flags 0), or the next renewal is refused',
      )
    case 'anybody':
      return of(isWildcard ? 'RFC 8659 §4.3' : 'RFC 8659 §4.2').pass(`CAA at ${at} lets every CA issue it`)
    case 'allowed':
      return of().pass(
        means.ways.length === 0
          ? `${issuer} may issue`
          : `${issuer} may issue, and only so: ${listed(means.ways.map(writeIssuer))}`,
      )
    case 'refused': {
      const allowed = listed(means.allowed) || 'nobody'
      if (names.length === 0 && means.allowed.length > 0)
        return of().unknown(
          `${what} is of ${issuer}, of which is not known what CAA calls it; CAA at ${at} allows ${allowed}`,
          'see in the practice statement of that CA by what name CAA allows it',
        )
      return of(isWildcard ? 'RFC 8659 §4.3' : 'RFC 8659 §4.2').warn(
        `${what} is of ${issuer}, and CAA at ${at} allows ${allowed}`,
        `add ${names[0] ?? 'that CA'} there, or the next renewal is refused`,
      )
    }
  }
}

/** The CAA nearest above a name, where a CNAME is followed but not climbed from (RFC 8659 §3); undefined where there is none. */
async function relevantCaa(name: Name, dns: World['dns']) {
  for (let at = name; at !== ROOT; at = parentOf(at)) {
    const look = await dns.look(at, 'CAA')
    if (look.kind === 'failure') return { failure: look.why }
    if (look.kind === 'answer') return { at, rdata: look.rrset.rdata }
  }
  return undefined
}
