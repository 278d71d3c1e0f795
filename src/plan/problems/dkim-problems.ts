import { collisionsOf } from '../../../records/collision.js'
import type { ZoneDiff } from '../../../records/diff.js'
import type { DkimNeed } from '../../../records/families/dkim/dkim.js'
import { type DkimPublicKey, nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import { keyZonesOf } from '../../../records/families/dkim/key-zone.js'
import { isDkimValue, publishedKey } from '../../../records/families/dkim/read-dkim.js'
import { families } from '../../../records/families/index.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Finding } from '../../../records/finding.js'
import { groupBy } from '../../../records/group.js'
import { displayName, joinName, type Name } from '../../../records/rr/name.js'
import type { Zone } from '../../../records/rr/zone.js'
import type { Domain } from '../../../records/spec.js'
import { valueMistake } from '../../steps/wrong-value.js'

/** A zone as it is, what is wanted in it, and the keys that are to be made for it, their selectors expanded. */
export interface DkimView {
  readonly zone: Zone
  readonly diff: ZoneDiff
  readonly desired: readonly MailRecord[]
  readonly neededKeys: readonly DkimNeed[]
  /** Of the spec. */
  readonly domains: readonly Domain[]
  /** Of the index. */
  readonly keys: readonly DkimPublicKey[]
}

/** What would silently break signed mail: a published key that goes, or is replaced, while a mail server signs with it. */
export function dkimProblems(view: DkimView): Finding[] {
  return [...lostKeys(view), ...lostZoneKeys(view), ...changedKeys(view), ...unusableSelectors(view)]
}

/**
 * Domains that sign, whose published keys the key store has lost; what was there before mailsync stays there whatever is made, and what
 * a mail server keeps is in no key store.
 */
function lostKeys({ diff, zone, desired, neededKeys, domains }: DkimView): Finding[] {
  const wanted = new Set(desired.filter(({ purpose }) => purpose === 'dkim').map(({ rrset }) => rrset.name))
  const orphans = diff.owned
    .filter(
      ({ purpose, name, claimed }) =>
        purpose === 'dkim' && !claimed && !wanted.has(name) && zone.texts(name).some(publishedKey),
    )
    .map(({ name }) => name)
  if (orphans.length === 0) return []
  const sourced = new Set(domains.filter(({ keySource }) => keySource !== undefined).map(({ name }) => name))
  return [...groupBy(neededKeys, ({ domain }) => domain)].flatMap(([domain, [need]]): Finding[] => {
    const names = orphans.filter((name) => name.endsWith(`._domainkey.${domain}`))
    if (names.length === 0 || need === undefined || sourced.has(domain)) return []
    return [
      {
        rule: 'dkim-keys-lost',
        severity: 'error',
        from: need.from,
        message: `${names.join(', ')} is in DNS and was written by mailsync, but the key store does not know it`,
        hint: `bring back ${indexOf(domain)} (it is meant to be committed); to start over with new keys, set dkim: false, apply, and turn it on again`,
      },
    ]
  })
}

/** Keys at fixed selectors that would be revoked because the index does not know them. */
function lostZoneKeys({ diff, domains, keys }: DkimView): Finding[] {
  const revoked = diff.edits
    .flatMap(({ edits }) => edits)
    .filter(({ slot, before, after }) => slot.purpose === 'dkim' && before.length > 0 && !after.some(publishedKey))
  if (revoked.length === 0) return []
  const places = new Map(
    keyZonesOf(domains).flatMap(({ name, dkim }) =>
      dkim.zone.selectors.map((selector) => [nameOfKey({ selector, domain: name }), name] as const),
    ),
  )
  return revoked.flatMap(({ slot, from, before }): Finding[] => {
    const zone = places.get(slot.name)
    if (zone === undefined || from === undefined) return []
    const known = keys.filter((key) => nameOfKey(key) === slot.name).map(({ publicKey }) => publicKey)
    const lost = before.map(publishedKey).filter((key) => key && !known.includes(key))
    if (lost.length === 0) return []
    return [
      {
        rule: 'dkim-keys-lost',
        severity: 'error',
        from,
        message: `${slot.name} has a key that the key store does not know, and would be revoked: mail signed with it would fail`,
        hint: `bring back ${indexOf(zone)} (it is meant to be committed); take the key over with \`mailsync dkim import ${displayName(zone)} FILE…\`; or list other dkim.selectors`,
      },
    ]
  })
}

/**
 * Keys of ours that would be replaced under the selector they are published at; not where one was only entered wrongly, nor
 * what others hold, who tell when theirs is another.
 */
function changedKeys({ diff, zone, domains }: DkimView): Finding[] {
  return diff.edits
    .flatMap(({ edits }) => edits)
    .flatMap(({ slot, from, before, after, adopts }): Finding[] => {
      if (slot.purpose !== 'dkim' || from === undefined || adopts) return []
      const held = before.map(publishedKey).filter(Boolean)
      const wanted = after.map(publishedKey).filter(Boolean)
      const isSpoilt = (text: string): boolean => after.some((right) => valueMistake('TXT', right, text, zone.name))
      if (before.every(isSpoilt)) return []
      if (held.length === 0 || wanted.length === 0 || wanted.some((key) => held.includes(key))) return []
      const [domain] = families.dkim.words.subjects(slot.name, after)
      const { heldKeys = [] } = domains.find(({ name }) => name === domain) ?? {}
      if (heldKeys.some(({ selector }) => joinName(`${selector}._domainkey`, domain as Name) === slot.name)) return []
      return [
        {
          rule: 'dkim-key-changed',
          severity: 'error',
          from,
          message: `${slot.name} is published with another key than the key store has; mail signed with it would fail`,
          hint: `bring back ${indexOf(domain ?? slot.name)}, or use another dkim.selector for new keys; if the value in DNS is wrong, delete it there`,
        },
      ]
    })
}

/** Keys to be made at a name where somebody else has one, or where none could be written or answered. */
function unusableSelectors({ diff, zone, desired, neededKeys }: DkimView): Finding[] {
  const owned = new Set(diff.owned.map(({ name }) => name))
  const fixed = new Set(desired.map(({ rrset }) => rrset.name))
  return neededKeys.flatMap(({ domain, selector, from }): Finding[] => {
    const name = joinName(`${selector}._domainkey`, domain)
    const isKey = (value: string): boolean => (fixed.has(name) ? Boolean(publishedKey(value)) : isDkimValue(value))
    const isTaken = zone.get(name, 'CNAME') !== undefined || zone.texts(name).some(isKey)
    if (owned.has(name)) return []
    if (!isTaken) return fixed.has(name) ? [] : collisionsOf({ name, type: 'TXT' }, from, zone)
    return [
      {
        rule: 'dkim-selector-taken',
        severity: 'error',
        from,
        message: `${name} is in DNS already, and mailsync did not write it`,
        hint: 'use another dkim.selector for new keys',
      },
    ]
  })
}

function indexOf(domain: Name): string {
  return `keys/${displayName(domain)}/public.json`
}
