import { durationText } from '../../../records/duration.js'
import { keyId } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import type { Wait } from '../../../records/families/dkim/rotation/step.js'
import { isEverywhere, type KeySight } from '../../../records/families/key-sight.js'
import { displayName } from '../../../records/rr/name.js'
import { shownInstant } from '../../instant.js'
import { privateFileOf } from '../keystore/private/private-half.js'
import type { TakenStep } from './carry-out.js'
import type { Lead } from './leads.js'
import type { Ring } from './rings.js'

/** What was done with a key, or is to be done. */
export const STEPS: Readonly<Record<TakenStep['kind'], string>> = {
  create: 'a new key, to be published',
  see: 'every server shows it',
  unsee: 'not every server shows it any more',
  sign: 'signs from now on; your signer has to use it',
  retire: 'signs no more, and stays for the mail that it signed',
  revoke: 'is revoked: its p= is empty',
  withdraw: 'no server shows it any more',
  reveal: 'its private half is public from now on',
  remove: 'leaves DNS',
  compromise: 'is compromised: it is revoked as soon as another one can sign',
}

/** Why nothing is done with a key yet, and until when. */
export function waitText({ reason, until, selector = '', turn }: Wait, { domain, sightOf }: Ring): string {
  const at = until === undefined ? '' : shownInstant(until)
  switch (reason) {
    case 'age':
      return `the next key is made on ${at}`
    case 'ahead':
      return `may sign from ${at}: publish_ahead`
    case 'ttl':
      return `may sign from ${at}: until then somebody may remember that it was not there`
    case 'turn':
      return `signs from ${at}, when the key before it has signed for long enough`
    case 'drain':
      return `is revoked on ${at}, when the mail that it signed has arrived`
    case 'revoked':
      return `leaves DNS on ${at}`
    case 'hidden':
      return `its private half is published on ${at}, when nobody remembers the public one`
    case 'servers':
      return `waits until every server shows it; ${missingText(sightOf(keyId({ selector, turn })))}`
    case 'successor':
      return 'stays: the key that signs now is not shown by every server'
    case 'selector':
      return `no fixed selector is free for a new key${at === '' ? '' : ` before ${at}`}: each rests until the mail signed with its last key has arrived`
    case 'other':
      return 'stays, though its algorithm left the spec: no other key signs'
    case 'use':
      return `make your signer use it, then say so: mailsync dkim use ${displayName(domain)} ${selector}`
    case 'clock':
      return `the clock is behind: the index tells of something on ${at}`
  }
}

/** Why a domain does not sign with the keys of its zone yet, or since when it does. */
export function leadText({ domain, sight, led }: Lead): string {
  const name = displayName(domain)
  if (led?.signing !== undefined) return `${name} signs with these keys from now on; your signer has to use them for it`
  if (led === undefined)
    return `${name} does not sign with them: its selectors do not lead here at every server; ${missingText(sight)}`
  return `${name} may sign with them from ${shownInstant(led.visible + sight.ttl)}: until then somebody may remember that its selectors led nowhere`
}

/** The servers that do not show a key, each with why: `ns1.example.net (192.0.2.1): has no such record`. */
export function missingText({ missing }: KeySight): string {
  return missing.map(({ server, why }) => `${server}: ${why}`).join('; ') || 'none was asked'
}

/** Where a key is seen. */
export function sightText(key: RingKey, { sightOf }: Ring): string {
  const sight = sightOf(keyId(key))
  const all = sight.servers.length + sight.missing.length
  if (key.state === 'gone') return 'not in DNS'
  if (all === 0) return 'no server was asked'
  const what = key.state === 'revoked' ? 'revoked at' : 'shown by'
  if (isEverywhere(sight)) return `${what} ${all === 1 ? '1 server' : `all ${all} servers`}`
  return `${what} ${sight.servers.length} of ${all} servers`
}

/** Where its private half lies. */
export function holderText(key: RingKey, directory: string): string {
  const place = privateFileOf(directory, key)
  if (place === undefined) return 'private half: somebody else holds it'
  const recipients = key.holder === 'age' ? `, for ${key.recipients?.join(', ')}` : ''
  return `private half: ${place.file}${recipients}${place.isHere ? '' : ', which is not here'}`
}

/** How long a key has been in its state. */
export function ageText({ state, times }: RingKey, now: number): string {
  return durationText(Math.max(0, now - (times[state] ?? now)))
}
