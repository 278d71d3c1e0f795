import { isDkimValue, NO_KEY, readDkim } from '../../../records/families/dkim/read-dkim.js'
import { families } from '../../../records/families/index.js'
import { faultsText } from '../../../records/families/reading.js'
import { groupBy } from '../../../records/group.js'
import { displayName, isWithin, joinName, type Name, relativeTo, withoutPrefix } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { joinedTxt } from '../../../records/rr/txt.js'
import { parseSelector } from '../../config/build/build-dkim.js'
import type { Holdings } from '../holdings/holdings.js'
import type { DomainDraft, KeyDraft } from './draft.js'
import { type Remark, remark } from './remark.js'

/** True of `false` and of `algorithms: []`: which of them it is, is known once relays have taken their keys. */
const OWN_KEYS =
  'It asks for no key of your own, so that nothing changes yet. Where it does, `mailsync apply` makes keys under keys/ and publishes them; the private ones are for your signer.'

const KEYS_TURN = (place: string, count: number): string =>
  `${count} selectors lead to ${place}, in a zone that is imported too, and stay as they are. For mailsync to turn the keys there, write \`zone: ${place}\` with these \`selectors\` in place of \`keys\`, and take the keys over: \`mailsync dkim import ${place} FILE…\`.`

/** What to do where the private half of a key that was found is one's own. */
function takeOver(name: Name, selectors: readonly string[]): string {
  return `If the private half of ${selectors.join(' or ')} is yours, as with OpenDKIM, and mailsync is to know it: write dkim: { algorithms: [rsa-2048] } without that key, and run \`mailsync dkim import ${displayName(name)} ${selectors[0]}.private ${selectors[0]}.txt --signing\`, with the two files of the signer. Nothing changes in DNS.`
}

/** The DKIM keys at a domain, whoever holds them, and those a spec cannot say; where a host of ours `sends`, how to get own ones. */
export function draftKeys(
  name: Name,
  holdings: Holdings,
  sends: boolean,
): Pick<DomainDraft, 'keys' | 'keysRevoked'> & { readonly remarks: readonly Remark<'dkim'>[] } {
  const folder = joinName('_domainkey', name)
  const found = holdings.within(folder).filter((rrset) => rrset.name !== folder && isWithin(rrset.name, folder))
  const wildcard = joinName('*', folder)
  const [empty, ...more] = holdings.texts(wildcard).filter(isDkimValue)
  const keysRevoked = empty !== undefined && more.length === 0 && families.dkim.same(empty, NO_KEY)
  const isSaid = (rrset: AnyRRset): boolean => keysRevoked && rrset.name === wildcard
  const sets = found.filter((rrset) => (rrset.type === 'TXT' || rrset.type === 'CNAME') && !isSaid(rrset))
  const read = sets.map((rrset) => ({ rrset, key: keyOf(relativeTo(folder, rrset.name), rrset.name, holdings) }))
  const others = read.flatMap(({ rrset: { name, type }, key }) =>
    typeof key === 'string' ? `${relativeTo(folder, name)} (${type})  ${key}` : [],
  )
  const keys = read.flatMap(({ key }) => (typeof key === 'string' ? [] : key))
  const texts = keys.filter(({ record }) => 'txt' in record).map(({ selector }) => selector)
  return {
    keys,
    keysRevoked,
    remarks: [
      ...(others.length === 0 ? [] : [remark('dkim', 'Under selectors in DNS, and left as they are:', others)]),
      ...(sends ? [remark('dkim', OWN_KEYS)] : []),
      ...(sends && texts.length > 0 ? [remark('dkim', takeOver(name, texts))] : []),
      ...keyZones(name, keys, holdings),
    ],
  }
}

/** Places in zones that are imported, to which several selectors lead each under its own name: keys that turn in one zone. */
function keyZones(domain: Name, keys: readonly KeyDraft[], holdings: Holdings): Remark<'dkim'>[] {
  const led = keys.flatMap(({ selector, record }) => {
    const place = 'cname' in record ? withoutPrefix(record.cname, `${selector}._domainkey.`) : undefined
    if (place === undefined || !('cname' in record) || place === record.cname) return []
    return place !== domain && holdings.serves(place as Name) ? [place as Name] : []
  })
  return [...groupBy(led, (place) => place)]
    .filter(([, those]) => those.length > 1)
    .map(([place, those]) => remark('dkim', KEYS_TURN(displayName(place), those.length)))
}

/** What stands at a selector, or why a spec cannot say it. */
function keyOf(label: string, at: Name, holdings: Holdings): KeyDraft | string {
  const selector = parseSelector(label)
  if (typeof selector !== 'string') return 'it is no selector'
  const alias = holdings.get(at, 'CNAME')
  const set = alias ?? holdings.get(at, 'TXT')
  if (set?.locked !== undefined) return set.locked
  if (alias) {
    const [cname] = alias.rdata
    return cname === undefined ? 'it leads nowhere' : { selector, record: { cname }, heldTtl: alias.ttl }
  }
  const texts = (holdings.get(at, 'TXT')?.rdata ?? []).map(joinedTxt)
  const [txt, ...more] = texts.filter(isDkimValue)
  if (txt === undefined) return 'it is no key'
  if (more.length > 0) return 'there are several keys, so what receivers make of them is undefined (RFC 6376 §3.6.2.2)'
  const { faults } = readDkim(txt)
  if (faults.length > 0) return faultsText(faults)
  // What others share the set with keeps its TTL.
  return { selector, record: { txt }, ...(texts.length === 1 && set ? { heldTtl: set.ttl } : {}) }
}
