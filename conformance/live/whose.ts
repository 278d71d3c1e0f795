import { MailsyncError } from '../../records/error.js'
import { isWithin, joinName, labelsOf, type Name } from '../../records/rr/name.js'
import { RRTYPES } from '../../records/rr/rdata.js'
import { type AnyRRset, type RRset, rdataTexts } from '../../records/rr/rrset.js'
import type { Story } from '../subject.js'
import { toSuite, type ZoneView } from './zone-view.js'

/** The label that everything of a run is below, but the suite's apex in a zone of its own. */
const LABEL = /^mailsync-conformance-[0-9a-z]{8}$/
const MARK = '_run'
/** What signers put at an apex, and change by themselves. */
const SIGNED: readonly string[] = ['DNSKEY', 'CDS', 'CDNSKEY', 'ZONEMD', 'SOA']

/** The label of a run; `random` has eight characters of a to z and 0 to 9. */
export function runLabel(random: string): string {
  return `mailsync-conformance-${random}`
}

/** Whether a name is below the label of this or another run. */
export function isBelowLabel(name: Name, zone: Name): boolean {
  if (name === zone || !isWithin(name, zone)) return false
  return LABEL.test(labelsOf(name).at(-labelsOf(zone).length - 1) ?? '')
}

/** The name of the set that says that a run is in this zone. */
export function markName(label: Name): Name {
  return joinName(MARK, label)
}

export function isMark(name: Name, zone: Name): boolean {
  return labelsOf(name)[0] === MARK && isBelowLabel(name, zone)
}

/** Whether it is there because there is a zone. */
export function isMade({ name, type }: AnyRRset, zone: Name): boolean {
  return name === zone && (type === 'NS' || SIGNED.includes(type))
}

/** Whether it changes though nobody edits the zone. */
export function changesByItself({ name, type }: AnyRRset, zone: Name): boolean {
  return name === zone && SIGNED.includes(type)
}

/** What the suite writes, by its own names: for knowing what a killed run has left at an apex. */
export function valuesOf(stories: readonly Story[]): (rrset: RRset, view: ZoneView) => boolean {
  const texts = (rrset: RRset, name: Name): string[] => rdataTexts(rrset).map((text) => `${name} ${rrset.type} ${text}`)
  const known = new Set(stories.flatMap(({ rrsets }) => rrsets.flatMap((rrset) => texts(rrset, rrset.name))))
  return (rrset, view) => {
    const name = toSuite(view, rrset.name)
    return name !== undefined && RRTYPES.includes(rrset.type) && texts(rrset, name).every((text) => known.has(text))
  }
}

const SHOWN = 5

/** Keys for people. */
export function listed(keys: readonly string[]): string {
  const rest = keys.length - SHOWN
  return [...keys.slice(0, SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

/** Why a run does not begin in a zone that others use. */
export function notEmpty(zone: Name, keys: readonly string[]): MailsyncError {
  return new MailsyncError('guard', `${zone} is not empty: it holds ${listed(keys)}`, {
    where: { zone },
    hint: 'name a zone that nobody uses; or give --beside-other-records, and everything is tried below a label of its own, without the apex',
  })
}
