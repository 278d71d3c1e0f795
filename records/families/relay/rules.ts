import { relayNamed } from '../../relays/index.js'
import { keyInputs } from '../../relays/relay-records.js'
import { displayName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import type { Domain } from '../../spec.js'
import { doesSign } from '../dkim/held-rules.js'

const GMAIL_ACCOUNT = 'gmail-account'

const relayUnaligned: Rule = ({ domains }) =>
  domains.flatMap(({ name, relays }) =>
    relays.flatMap(({ relay, without, from }) =>
      without.map((text) =>
        finding('note', 'relay-unaligned', from, `${titleOf(relay)} for ${displayName(name)}: ${text}`, helpOf(relay)),
      ),
    ),
  )

const relayUnsigned: Rule = ({ domains }) =>
  domains.flatMap(({ name, relays, heldKeys }) =>
    relays.flatMap(({ relay, hasKey, from }) =>
      hasKey || heldKeys.some(doesSign)
        ? []
        : [
            finding(
              'note',
              'relay-unsigned',
              from,
              `${titleOf(relay)} has no DKIM key of ${displayName(name)} here: unless it stands in DNS already, DMARC passes by SPF alone, which forwarding breaks`,
              `tell ${keyInputs(relayNamed(relay)).join(' and ')}: ${helpOf(relay)}`,
            ),
          ],
    ),
  )

/** What is true behind an account at gmail.com: nothing in the DNS of one's own domain makes its mail pass. */
const gmailAccount: Rule = ({ domains }) =>
  domains.flatMap((domain) => {
    const use = domain.relays.find(({ relay }) => relay === GMAIL_ACCOUNT)
    if (use === undefined) return []
    const name = displayName(domain.name)
    const { dmarc } = domain
    if (dmarc !== false && dmarc.policy !== 'none' && !hasOtherSigner(domain))
      return [
        finding(
          'warning',
          'gmail-account-fails-dmarc',
          dmarc.from,
          `${name} asks to ${dmarc.policy} what fails DMARC, and mail From it that goes through a Gmail account always fails: SPF and DKIM pass for gmail.com alone`,
          'set dmarc.policy to none, or send through a relay that signs with a key of the domain: `mailsync relays` lists some',
        ),
      ]
    return [
      finding(
        'note',
        'gmail-account',
        use.from,
        `mail that goes through a Gmail account passes SPF and DKIM for gmail.com, never for ${name}: no record makes it pass DMARC. Mail From the @gmail.com address itself passes`,
        'Gmail writes its own address into From unless yours is a confirmed alias; `mailsync relays gmail-account` has more',
      ),
    ]
  })

/** Whether somebody else signs for the domain: a host here, or the holder of a key. */
function hasOtherSigner({ dkim, heldKeys, keySource }: Domain): boolean {
  return dkim !== false || keySource !== undefined || heldKeys.some(doesSign)
}

function titleOf(relay: string): string {
  return relayNamed(relay)?.title ?? relay
}

function helpOf(relay: string): string {
  return `\`mailsync relays ${relay}\` says what it is, and where it is found`
}

export const relayRules: readonly Rule[] = [relayUnaligned, relayUnsigned, gmailAccount]
