import { isDkimValue } from './families/dkim/dkim.js'
import { isDmarcValue } from './families/dmarc/dmarc.js'
import type { Purpose } from './families/mail-record.js'
import { isSpfValue } from './families/spf/spf.js'

const OWN_VALUE: Partial<Record<Purpose, (value: string) => boolean>> = {
  spf: isSpfValue,
  dkim: isDkimValue,
  dmarc: isDmarcValue,
  report: isDmarcValue,
}

/** How a slot's values are told from the others in their RRset; undefined where the slot is the whole RRset. */
export function ownValue(purpose: Purpose): ((value: string) => boolean) | undefined {
  return OWN_VALUE[purpose]
}
