import { displayName, type Name } from '../../../../records/rr/name.js'
import { inert } from '../../inert.js'
import { paint } from '../paint.js'

/** `example.com.  cloudflare`; an internationalised name has its Unicode form beside it. */
export function zoneTitle({ zone, provider }: { zone: string; provider: string }, colour: boolean): string {
  return `${paint(inert(zone), 'bold', colour)}${unicodeOf(zone)}  ${inert(provider)}`
}

function unicodeOf(zone: string): string {
  const name = displayName(zone as Name)
  return `${name}.` === zone || name === zone ? '' : ` (${inert(name)})`
}

/** The name of a record as its row has it: in Unicode as well, where it is so in more than the zone's own labels, which the title tells. */
export function shownName(name: string, zone: string): { readonly name: string; readonly unicode?: string } {
  const own = name.endsWith(`.${zone}`) ? name.slice(0, -zone.length) : ''
  return { name: inert(name), ...(/(?:^|\.)xn--/.test(own) ? { unicode: inert(displayName(name as Name)) } : {}) }
}
