import { parseAddress } from '../../records/rr/address.js'
import { isWithin, joinName, labelsOf, type Name, relativeTo } from '../../records/rr/name.js'
import type { RRType } from '../../records/rr/rdata.js'

/** What may go wrong between the host that somebody is to enter and the name that servers then show. */
export type NameMistake = 'doubled-name' | 'dot-in-name' | 'not-reversed' | 'underscore-lost' | 'selector-alone'

/** Where a record may stand that was to be entered somewhere else. */
export interface WrongName {
  readonly name: Name
  readonly mistake: NameMistake
}

const LONGEST = 253

/** The names that a record gets where its host is entered as people often do. */
export function wrongNames(name: Name, type: RRType, zone: Name): WrongName[] {
  const whole = name.slice(0, -1)
  const relative = relativeTo(zone, name)
  const found: WrongName[] = [
    { name: joinName(whole, zone), mistake: 'doubled-name' },
    { name: joinName(`${whole}\\.`, zone), mistake: 'dot-in-name' },
    ...(type === 'PTR' ? reversed(name, zone) : []),
    ...(relative.includes('_')
      ? [{ name: joinName(relative.replaceAll('_', ''), zone), mistake: 'underscore-lost' } as const]
      : []),
    ...(/\._domainkey$/.test(relative)
      ? [{ name: joinName(relative.replace(/\._domainkey$/, ''), zone), mistake: 'selector-alone' } as const]
      : []),
  ]
  return found.filter((one) => one.name !== name && one.name.length <= LONGEST)
}

/** The address written forwards, whole or as far as it is below the zone. */
function reversed(name: Name, zone: Name): WrongName[] {
  const address = addressOf(name)
  const inside = labelsOf(name).slice(0, -labelsOf(zone).length)
  const forwards = [...inside].reverse().join('.')
  return [
    ...(address === undefined || address.includes(':') ? [] : [joinName(address, zone)]),
    ...(inside.length > 1 ? [joinName(forwards, zone)] : []),
  ].map((wrong) => ({ name: wrong, mistake: 'not-reversed' }))
}

const ARPA = { v4: 'in-addr.arpa.' as Name, v6: 'ip6.arpa.' as Name }

/** The address of a reverse name; undefined for a name that is none. */
function addressOf(name: Name): string | undefined {
  const labels = labelsOf(name).filter(isOfAddress).reverse().slice(2)
  if (isWithin(name, ARPA.v4) && labels.every((label) => /^\d{1,3}$/.test(label)))
    return addressText(labels.join('.'), 4, labels.length)
  if (isWithin(name, ARPA.v6)) return addressText((labels.join('').match(/.{1,4}/g) ?? []).join(':'), 32, labels.length)
  return undefined
}

/** A label such as `0/25` only delegates (RFC 2317). */
function isOfAddress(label: string): boolean {
  return !/[/-]/.test(label.replace('in-addr', ''))
}

function addressText(text: string, wanted: number, labels: number): string | undefined {
  const address = labels === wanted ? parseAddress(text) : undefined
  return typeof address === 'string' ? address : undefined
}
