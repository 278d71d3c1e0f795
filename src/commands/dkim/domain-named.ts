import { MailsyncError } from '../../../records/error.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { readSelection } from '../../plan/select.js'
import { signingDomains } from '../../rotation/rings.js'
import type { Session } from '../../session.js'

/** A domain of the spec that signs with keys of its own. Throws `usage` for another. */
export function domainNamed(text: string, session: Session): Name {
  const [domain] = readSelection(session.spec, [], [text]).domains
  if (domain !== undefined && signingDomains(session).has(domain)) return domain
  const { dkim, heldKeys = [] } = session.spec.domains.find(({ name }) => name === domain) ?? {}
  throw new MailsyncError('usage', `${domain === undefined ? text : displayName(domain)} has no DKIM keys of its own`, {
    hint:
      dkim === false && heldKeys.length > 0
        ? 'algorithms: [] under its dkim asks for none: name those of its keys there, such as algorithms: [rsa-2048]'
        : 'write dkim: {} below it in the spec, if a host of yours signs for it',
  })
}
