import type { Finding } from '../../finding.js'
import { displayName, joinName, parentOf, ROOT } from '../../rr/name.js'
import { ancestors } from '../../rr/zone.js'
import { finding, type Rule } from '../../rules/rule.js'
import { type SingleRecord, singleRecordFindings } from '../../rules/single-record.js'
import { textsAt, type ZoneView } from '../../rules/zone-view.js'
import type { BimiSpec, DmarcPolicy, Domain } from '../../spec.js'
import { parkedPolicy } from '../dmarc/dmarc.js'
import { isDmarcValue, readDmarc } from '../dmarc/read-dmarc.js'
import { isBimiValue, readBimi } from './read-bimi.js'

/** What a policy asks for; `percent` is that of RFC 7489, which receivers of BIMI still look at. */
interface Asked {
  readonly policy: DmarcPolicy
  readonly subdomains?: DmarcPolicy | undefined
  readonly testing: boolean
  readonly percent?: string | undefined
}

/** Why a policy is too weak for a logo to be shown (BIMI draft-14 §7.1); undefined where it is not. */
function weakness({ policy, subdomains, testing, percent = '100' }: Asked): string | undefined {
  if (policy === 'none') return 'is none'
  if (subdomains === 'none') return 'is none for subdomains'
  if (testing) return 'is for testing only'
  return policy === 'quarantine' && percent !== '100' ? `is for ${percent} of 100 messages` : undefined
}

function tooWeak({ name }: Domain, bimi: BimiSpec, why: string): Finding {
  return finding(
    'warning',
    'bimi-without-dmarc',
    bimi.from,
    `no logo is shown beside mail from ${displayName(name)}: its DMARC policy ${why} (BIMI draft-14 §7.1)`,
    'set dmarc.policy to quarantine or reject, with no weaker dmarc.subdomains and without dmarc.testing',
  )
}

/** A domain that asks for a logo; one that declines needs no policy. */
function shown({ bimi }: Domain): BimiSpec | undefined {
  return bimi === false || bimi.location + bimi.authority === '' ? undefined : bimi
}

const weakPolicy: Rule = ({ domains }) =>
  domains.flatMap((domain) => {
    const bimi = shown(domain)
    if (bimi === undefined) return []
    if (domain.dmarc === false)
      return [{ ...tooWeak(domain, bimi, 'is not in this spec'), seenAt: joinName('_dmarc', domain.name) }]
    const why = weakness(domain.mail === 'none' ? parkedPolicy(domain.dmarc) : domain.dmarc)
    return why === undefined ? [] : [tooWeak(domain, bimi, why)]
  })

/** The domain at the top has to ask for it as well, as far as the spec has it. */
const weakAbove: Rule = ({ domains }) => {
  const withPolicy = new Map(domains.flatMap((one) => (one.dmarc === false ? [] : [[one.name, one] as const])))
  return domains.flatMap((domain) => {
    const bimi = shown(domain)
    if (bimi === undefined) return []
    const top = ancestors(parentOf(domain.name), ROOT)
      .map((name) => withPolicy.get(name))
      .findLast((one) => one !== undefined)
    const why = top?.dmarc ? weakness(top.mail === 'none' ? parkedPolicy(top.dmarc) : top.dmarc) : undefined
    return top === undefined || why === undefined
      ? []
      : [tooWeak(domain, bimi, `counts together with that of ${displayName(top.name)} above it, which ${why}`)]
  })
}

const noSvg: Rule = ({ domains }) =>
  domains.flatMap((domain) => {
    const bimi = shown(domain)
    if (bimi === undefined || bimi.location === '' || /\.svgz?(?:[?#]|$)/i.test(bimi.location)) return []
    return [
      finding(
        'warning',
        'bimi-no-svg',
        bimi.from,
        `the logo of ${displayName(domain.name)} does not end in .svg, and receivers show no other format (BIMI draft-14 §4.3)`,
        'name an SVG Tiny PS file',
      ),
    ]
  })

export const bimiRules: readonly Rule[] = [weakPolicy, weakAbove, noSvg]

const RECORD: SingleRecord = {
  noun: 'assertion record of BIMI',
  rule: 'bimi',
  section: 'BIMI draft-14 §7.2',
  outcome: 'no logo is shown',
  isOwn: isBimiValue,
  read: readBimi,
}

/** What receivers will find wrong in a zone that was read. */
export function observeBimi(view: ZoneView): Finding[] {
  return view.domains.flatMap((domain) => {
    const { name, from, bimi } = domain
    const selectors = new Set(['default', ...(bimi === false ? [] : [bimi.selector])])
    return [
      ...[...selectors].flatMap((selector) =>
        singleRecordFindings(view, joinName(`${selector}._bimi`, name), [...from, 'bimi'], RECORD),
      ),
      ...weakInZone(view, domain),
    ]
  })
}

/** Where the spec leaves the policy to somebody else, the zone has it, or the domain above. */
function weakInZone(view: ZoneView, domain: Domain): Finding[] {
  const bimi = shown(domain)
  if (bimi === undefined || domain.dmarc !== false) return []
  const values = textsAt(view, joinName('_dmarc', domain.name))?.filter(isDmarcValue)
  if (values === undefined || values.length === 0) return values ? [tooWeak(domain, bimi, 'is not in its zone')] : []
  const record = values.length === 1 ? readDmarc(values[0] as string).value : undefined
  if (record === undefined) return [tooWeak(domain, bimi, 'is none that receivers can read')]
  const percent = record.ignored.find(({ name }) => name === 'pct')?.value
  const why = weakness({ ...record, percent })
  return why === undefined ? [] : [tooWeak(domain, bimi, why)]
}
