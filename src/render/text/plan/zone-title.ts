import { inert } from '../../inert.js'
import { unicodeNames } from '../../value/unicode-names.js'
import { paint } from '../paint.js'

/** `example.com.  cloudflare`; an internationalised name has its Unicode form beside it. */
export function zoneTitle({ zone, provider }: { zone: string; provider: string }, colour: boolean): string {
  const [unicode] = unicodeNames(zone)
  return `${paint(inert(zone), 'bold', colour)}${unicode === undefined ? '' : ` (${unicode})`}  ${inert(provider)}`
}

/** The name of a record as its row has it: in Unicode as well, where that is another. */
export function shownName(name: string): { readonly name: string; readonly unicode?: string } {
  const [unicode] = unicodeNames(name)
  return { name: inert(name), ...(unicode === undefined ? {} : { unicode }) }
}
