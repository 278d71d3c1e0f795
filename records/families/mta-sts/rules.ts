import type { Finding } from '../../finding.js'
import { displayName } from '../../rr/name.js'
import { finding, type Rule, type RuleInput } from '../../rules/rule.js'
import type { Domain, MtaStsSpec, StsMode } from '../../spec.js'
import { MAX_AGE_LIMIT, policyHostName } from './policy.js'

const DAY = 86_400

interface Kept {
  readonly domain: Domain
  readonly mtaSts: MtaStsSpec
  readonly mode: StsMode
  readonly maxAge: { readonly value: number; readonly from: Finding['from'] }
}

/** The domains whose policy this spec keeps. */
function kept({ domains }: RuleInput): Kept[] {
  return domains.flatMap((domain): Kept[] => {
    const { mtaSts } = domain
    return mtaSts === false || 'id' in mtaSts.policy ? [] : [{ domain, mtaSts, ...mtaSts.policy }]
  })
}

const withoutMx: Rule = (input) =>
  kept(input).flatMap(({ domain: { name, mail, mx }, mode, mtaSts }) => {
    if (mode === 'none' || (mail === 'normal' && Array.isArray(mx))) return []
    const why = mail === 'none' ? 'it is parked' : mx === 'none' ? 'its MX is the null MX' : 'it has no mx in this spec'
    return [
      finding(
        'error',
        'mta-sts-without-mx',
        mtaSts.from,
        `the MTA-STS policy of ${displayName(name)} would allow no MX: ${why} (RFC 8461 §3.2)`,
        'name its mx; or set mta_sts.mode to none, which takes an earlier policy back',
      ),
    ]
  })

const maxAgeTooLong: Rule = (input) =>
  kept(input).flatMap(({ maxAge: { value, from } }) =>
    value > MAX_AGE_LIMIT
      ? [
          finding(
            'error',
            'mta-sts-max-age-long',
            from,
            `a policy is kept for at most ${MAX_AGE_LIMIT} seconds, a year (RFC 8461 §3.2): ${value}`,
            'write 604800, a week, or up to a year',
          ),
        ]
      : [],
  )

const maxAgeTooShort: Rule = (input) =>
  kept(input).flatMap(({ domain, mode, maxAge: { value, from } }) =>
    mode === 'enforce' && value < DAY
      ? [
          finding(
            'warning',
            'mta-sts-max-age-short',
            from,
            `senders forget the policy of ${displayName(domain.name)} after ${value} seconds: whoever can keep them from fetching it again for so long can read its mail (RFC 8461 §3.2, §10.2)`,
            'write 604800, a week, or more',
          ),
        ]
      : [],
  )

const onItsWayOut: Rule = (input) =>
  kept(input).flatMap(({ domain, mode, mtaSts, maxAge }) =>
    mode === 'none'
      ? [
          finding(
            'note',
            'mta-sts-ends',
            mtaSts.from,
            `the policy of ${displayName(domain.name)} asks for nothing any more: senders learn that when they fetch it, at the latest when what they have is as old as its max_age said`,
            `serve it that long, then remove mta_sts, and only then the web server at ${displayName(policyHostName(domain.name))} (RFC 8461 §8.3)${maxAge.value > DAY ? '; max_age: 86400 is enough for this one' : ''}`,
          ),
        ]
      : [],
  )

const testingUnseen: Rule = (input) =>
  kept(input).flatMap(({ domain: { name, tlsRpt }, mode, mtaSts }) =>
    mode === 'testing' && tlsRpt === false
      ? [
          {
            ...finding(
              'note',
              'mta-sts-testing-unseen',
              mtaSts.from,
              `the policy of ${displayName(name)} is for testing, and nobody gets the reports about it (RFC 8461 §5)`,
              'set tls_rpt: { rua: [...] }; when the reports show no failures, set mta_sts.mode to enforce',
            ),
          },
        ]
      : [],
  )

export const mtaStsRules: readonly Rule[] = [withoutMx, maxAgeTooLong, maxAgeTooShort, onItsWayOut, testingUnseen]

const hostUnfit: Rule = ({ domains, hosts }) =>
  domains.flatMap(({ name, mtaSts }): Finding[] => {
    const host = mtaSts === false ? undefined : mtaSts.host
    if (host === undefined) return []
    const [own, target] = [policyHostName(name), displayName(host.value)]
    if (host.value === own && host.as === 'cname')
      return [
        finding(
          'error',
          'mta-sts-host-itself',
          host.from,
          `${target} is the name that the policy is fetched at, and would lead to itself`,
          'name the web server that has the policy; or leave host out where somebody else keeps that name',
        ),
      ]
    if (host.as === 'addresses' && hosts.get(host.value)?.addresses.length === 0)
      return [
        finding(
          'error',
          'mta-sts-host-without-address',
          host.from,
          `${target} has no addresses in this spec, so no policy can be fetched there`,
          'name a host that has addresses, or one elsewhere',
        ),
      ]
    return []
  })

export const policyHostRules: readonly Rule[] = [hostUnfit]
