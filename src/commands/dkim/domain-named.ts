import { MailsyncError } from '../../../records/error.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { readSelection } from '../../plan/select.js'
import { signingDomains } from '../../rotation/rings.js'
import type { Session } from '../../session.js'

/** A domain of the spec that signs with keys of its own. Throws `usage` for another. */
export function domainNamed(text: string, session: Session): Name {
  const [domain] = readSelection(session.spec, [], [text]).domains
  if (domain !== undefined && signingDomains(session).has(domain)) return domain
  throw new MailsyncError('usage', `${domain === undefined ? text : displayName(domain)} has no DKIM keys of its own`, {
    hint: 'write dkim: {} below it in the spec, if a host of yours signs for it',
  })
}
