import { relayNames, relays } from '../../../records/relays/index.js'
import { didYouMean } from '../faults/suggest.js'

/** What to write for a name that is no relay's. */
export function relayHint(name: string): string {
  const meant = relays.find(({ alsoCalled }) => alsoCalled.includes(name.toLowerCase()))
  const list = '`mailsync relays` lists them; another service goes into spf.include and dkim.keys'
  return meant === undefined
    ? `${didYouMean(name, relayNames)}; ${list}`
    : `${meant.title} is called ${meant.name} here`
}
