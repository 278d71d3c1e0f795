import { MailsyncError } from '../../../records/error.js'
import { displayName, type Name, parseName } from '../../../records/rr/name.js'
import { keyPlaces } from '../../dkim/rotation/rings.js'
import { readSelection } from '../../plan/select.js'
import type { Session } from '../../session.js'

/**
 * The name below which the keys are that a domain of the spec signs with: its own, or that of its `dkim.zone`, which may be
 * named itself. Throws `usage` for a domain without keys of our own.
 */
export function placeNamed(text: string, session: Session): Name {
  const places = keyPlaces(session)
  const name = parseName(text)
  if (typeof name === 'string' && places.get(name)?.shared) return name
  const [domain] = readSelection(session.spec, [], [text]).domains
  const found = session.compiled.input.domains.find((one) => one.name === domain)
  const dkim = found?.dkim || undefined
  const place = dkim?.zone?.name ?? domain
  if (place !== undefined && places.has(place)) return place
  if (dkim?.zone)
    throw new MailsyncError(
      'usage',
      `${text} signs with the keys of ${displayName(dkim.zone.name)}, which is in no zone of this spec`,
      { hint: 'its keys turn where that name is served' },
    )
  throw new MailsyncError('usage', `${domain === undefined ? text : displayName(domain)} has no DKIM keys of its own`, {
    hint:
      found?.dkim === false && found.heldKeys.length > 0
        ? 'algorithms: [] under its dkim asks for none: name those of its keys there, such as algorithms: [rsa-2048]'
        : 'write dkim: {} below it in the spec, if a host of yours signs for it',
  })
}
