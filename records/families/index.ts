import { isDkimValue } from './dkim/dkim.js'
import { isDmarcValue } from './dmarc/dmarc.js'
import type { Family, Purpose } from './family.js'
import { isSpfValue } from './spf/spf.js'

const identical = (a: string, b: string): boolean => a === b

/** Every family, in the order in which a manifest and a reader of a zone list them. */
export const families: { readonly [P in Purpose]: Family & { readonly purpose: P } } = {
  host: { purpose: 'host', types: ['A', 'AAAA'], rank: 0, same: identical },
  ptr: { purpose: 'ptr', types: ['PTR'], rank: 2, same: identical },
  mx: { purpose: 'mx', types: ['MX'], rank: 4, same: identical },
  spf: { purpose: 'spf', types: ['TXT'], rank: 3, isOwn: isSpfValue, same: identical },
  dkim: { purpose: 'dkim', types: ['TXT'], rank: 1, isOwn: isDkimValue, same: identical },
  dmarc: { purpose: 'dmarc', types: ['TXT'], rank: 6, isOwn: isDmarcValue, same: identical },
  report: { purpose: 'report', types: ['TXT'], rank: 5, isOwn: isDmarcValue, same: identical },
}

export const purposes = Object.keys(families) as readonly Purpose[]

/** The family of a purpose; undefined for a word that is none, be it `constructor`. */
export function familyNamed(purpose: string): Family | undefined {
  return Object.hasOwn(families, purpose) ? families[purpose as Purpose] : undefined
}
