import { displayName } from '../../../records/rr/name.js'
import { addressOf, judge as judgeMailing } from '../../prove/judge.js'
import type { SpecMailing } from '../../prove/mailing.js'
import type { Verdict } from '../../prove/verdict.js'
import type { World } from '../ask/world.js'
import { type Check, type Judge, judge, ofDomain } from '../check.js'

/** What a receiver makes of a message of a domain from one of its addresses, signed by each key that signs. */
export async function checkMessage(mailing: SpecMailing, { dns }: World): Promise<Check[]> {
  const { domain, of, isRelayed } = mailing
  const address = addressOf(mailing)
  const by = isRelayed ? ` by ${of}` : ''
  const message = `a message of ${displayName(domain)}${by}`
  const from =
    address === undefined ? message : `${message} from ${address}${isRelayed || of === address ? '' : ` (${of})`}`
  const { spf, dkim, dmarc } = await judgeMailing(mailing, dns.spf)
  const subject = ofDomain(domain)
  const ofKey = judge('message-dkim', subject, message)
  return [
    ended(spf, judge('message-spf', subject, from), 'mailsync spf check says which term decides'),
    // Of a relay, whose private keys are never here, there is nothing more to ask for.
    isRelayed && dkim.result === 'key'
      ? ofKey.pass('the record of the key is sound; its private half is not here to sign with')
      : ended(dkim, ofKey, 'mailsync dkim status shows which keys are where'),
    ended(dmarc, judge('message-dmarc', subject, from), 'mend SPF or DKIM, of which one has to pass'),
  ]
}

/** Where there is nothing to judge (no record, no key, no policy) mail still flows. */
function ended({ result, why = '' }: Verdict, { pass, warn, fail, unknown }: Judge, todo: string): Check {
  switch (result) {
    case 'pass':
      return pass('pass')
    case 'key':
      return unknown(
        'the key in DNS is the right one; the private key is not here, so a throw-away message without a signature was judged',
        'run it where the private key is; --identity opens one that age encrypts',
      )
    case 'theirs':
      return pass(why)
    case 'unknown':
      return unknown(why)
    case 'none':
      return warn(`none: ${why}`, 'see what the spec says of it')
    default:
      return fail(`${result}: ${why}`, todo)
  }
}
