import { keyTag, sameDkim } from '../../../records/families/dkim/read-dkim.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Finding } from '../../../records/finding.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import type { Zone } from '../../../records/rr/zone.js'

/**
 * Keys that stand in DNS with blanks inside, as a panel leaves them where pieces were joined. Receivers skip those (RFC 6376
 * §3.6.1), so that there is nothing to do, and whoever compares the texts should know why.
 */
export function spacedKeys({ zone, desired }: { zone: Zone; desired: readonly MailRecord[] }): Finding[] {
  return desired.flatMap(({ purpose, from, rrset }): Finding[] => {
    if (purpose !== 'dkim') return []
    const wanted = rdataTexts(rrset)
    const isSpaced = (text: string): boolean =>
      !wanted.includes(text) && /\s/.test(keyTag(text)?.value ?? '') && wanted.some((one) => sameDkim(one, text))
    if (!zone.texts(rrset.name).some(isSpaced)) return []
    return [
      {
        rule: 'dkim-key-spaced',
        severity: 'note',
        from,
        message: `the key at ${rrset.name} has blanks inside, as where its pieces were joined: it is the same key, as receivers skip them (RFC 6376 §3.6.1)`,
        hint: 'there is nothing to do; to be rid of this note, enter the key without them',
      },
    ]
  })
}
