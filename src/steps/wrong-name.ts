import { joinName, labelsOf, type Name, relativeTo } from '../../records/rr/name.js'
import type { RRType } from '../../records/rr/rdata.js'
import { addressAt } from '../../records/rr/reverse.js'

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
  const address = addressAt(name)
  const inside = labelsOf(name).slice(0, -labelsOf(zone).length)
  const forwards = [...inside].reverse().join('.')
  return [
    ...(address === undefined || address.includes(':') ? [] : [joinName(address, zone)]),
    ...(inside.length > 1 ? [joinName(forwards, zone)] : []),
  ].map((wrong) => ({ name: wrong, mistake: 'not-reversed' }))
}
