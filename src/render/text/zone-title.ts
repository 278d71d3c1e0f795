import { displayName, type Name } from '../../../records/rr/name.js'
import { inert } from '../inert.js'
import { paint } from './paint.js'

/** `example.com.  cloudflare`; an internationalised name has its Unicode form beside it. */
export function zoneTitle({ zone, provider }: { zone: string; provider: string }, colour: boolean): string {
  return `${paint(inert(zone), 'bold', colour)}${unicodeOf(zone)}  ${inert(provider)}`
}

function unicodeOf(zone: string): string {
  const name = displayName(zone as Name)
  return `${name}.` === zone || name === zone ? '' : ` (${inert(name)})`
}
