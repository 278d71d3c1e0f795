import type { Finding } from '../../finding.js'
import { displayName, joinName } from '../../rr/name.js'
import { finding, type Rule, type RuleInput } from '../../rules/rule.js'
import type { Domain } from '../../spec.js'
import type { DkimPublicKey } from '../dkim/dkim-key.js'
import { doesSign } from '../dkim/held-rules.js'
import { keysFor } from '../dkim/key-zone.js'
import { isServed } from '../dkim/key-zone-rules.js'
import { leadsTo } from '../dkim/led-domain.js'
import { doesSend, sendingHosts } from '../spf/senders.js'

const rejectWithoutDkim: Rule = (input) =>
  input.domains
    .filter((domain) => rejectsUnsigned(domain, input))
    .map((domain) => ({ ...unsignedFinding(domain, input), seenAt: joinName('_domainkey', domain.name) }))

/** Whether a domain asks to reject and sends, and no key of the spec signs for it: one in state `signing` does, and those that others hold. */
export function rejectsUnsigned(domain: Domain, input: RuleInput): boolean {
  const { hosts, keysOf } = input
  if (domain.dmarc === false || domain.dmarc.policy !== 'reject' || !doesSend(domain, hosts)) return false
  if (domain.heldKeys.some(doesSign) || domain.keySource?.failure !== undefined) return false
  if (domain.dkim === false) return true
  const { zone } = domain.dkim
  if (zone !== undefined && !isServed(zone, input)) return false
  return !keysFor(domain, keysOf).some(
    (key) => key.state === 'signing' && (key.domain === domain.name || leadsTo(key, domain, input.spec.led)),
  )
}

/** What to do about it: turn DKIM on, make the keys, or have them used. */
export function unsignedFinding(domain: Domain, { hosts, keysOf }: RuleInput): Finding {
  const name = displayName(domain.name)
  const shared = domain.dkim === false ? undefined : domain.dkim.zone
  const isWaiting = shared !== undefined && keysOf.get(shared.name)?.some(({ state }) => state === 'signing')
  const own = keysFor(domain, keysOf).filter(({ state }) => state === 'published')
  const [why, hint] =
    shared !== undefined && isWaiting
      ? [
          `does not sign yet: its selectors were not seen to lead to ${displayName(shared.name)}`,
          'publish them with `mailsync apply`; `mailsync dkim rotate` notes when every server shows them',
        ]
      : [whyUnsigned(domain, own), hintFor(domain, own[0]?.selector, sendingHosts(domain, hosts).length > 0)]
  return finding(
    'warning',
    'dmarc-reject-without-dkim',
    domain.dmarc === false ? domain.from : domain.dmarc.from,
    `${name} asks to reject what fails DMARC, and ${why}: forwarded mail would be lost (RFC 9989 §7.4)`,
    hint,
  )
}

/** @param own the keys that are published and do not sign */
function whyUnsigned({ dkim }: Domain, own: readonly Pick<DkimPublicKey, 'selector'>[]): string {
  if (dkim === false) return 'nothing of ours signs with DKIM'
  if (own.length === 0) return 'no DKIM key signs yet: they are still to be made'
  const selectors = own.map(({ selector }) => selector).join(' and ')
  return `no DKIM key signs yet: ${selectors} ${own.length === 1 ? 'is' : 'are'} published, not signing`
}

function hintFor(domain: Domain, selector: string | undefined, isOurs: boolean): string {
  const use = `make your signer use ${selector === undefined ? 'them' : 'the key'}, then say so: \`mailsync dkim use ${displayName(domain.name)} ${selector ?? 'SELECTOR'}\``
  if (domain.dkim !== false) return selector === undefined ? `run \`mailsync dkim generate\`, apply, ${use}` : use
  return isOurs
    ? 'turn DKIM on, and make your signer use the key'
    : 'make sure that every relay signs for this domain, and name its keys under dkim.keys'
}

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

const onTheWay: Rule = ({ domains }) =>
  domains.flatMap(({ mail, dmarc, name }) =>
    mail === 'normal' && dmarc !== false && dmarc.ramp && dmarc.policy !== dmarc.ramp.goal
      ? [
          finding(
            'note',
            'dmarc-ramp',
            dmarc.from,
            `the DMARC policy of ${displayName(name)} is ${dmarc.policy}, on its way to ${dmarc.ramp.goal}`,
            'once reports have come, `mailsync dmarc ramp` with them says whether the next step may be taken',
          ),
        ]
      : [],
  )

export const dmarcRules: readonly Rule[] = [rejectWithoutDkim, dmarcSilent, onTheWay]
