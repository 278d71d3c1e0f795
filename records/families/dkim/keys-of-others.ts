import type { Finding } from '../../finding.js'
import { afterLabels, displayName } from '../../rr/name.js'
import { finding } from '../../rules/rule.js'
import type { ZoneView } from '../../rules/zone-view.js'
import { faultText } from '../reading.js'
import { LEAST_BITS } from './dkim-key.js'
import { isDkimValue, readDkim } from './read-dkim.js'

const FOLDER = '._domainkey.'

/** Keys at selectors that the spec does not name, which receivers cannot check signatures with: whoever signs with them, in vain. */
export function keysOfOthers({ zone, records, domains }: ZoneView): Finding[] {
  const own = new Set(records.map(({ rrset }) => rrset.name))
  const byName = new Map(domains.map((domain) => [domain.name as string, domain]))
  return zone.rrsets.flatMap(({ name, type, locked }) => {
    const domain = type === 'TXT' && name.includes(FOLDER) ? byName.get(afterLabels(name, FOLDER)) : undefined
    if (domain?.mail !== 'normal' || own.has(name) || locked !== undefined) return []
    const why = whyNoKey(zone.texts(name))
    return why === undefined
      ? []
      : [
          finding(
            'warning',
            'dkim-key-broken',
            [...domain.from, 'dkim'],
            `what is signed with the key at ${displayName(name)}, which this spec leaves as it is, may not pass: ${why}`,
            'put it right, or delete it where nobody signs with it',
          ),
        ]
  })
}

function whyNoKey(values: readonly string[]): string | undefined {
  const [value] = values.filter(isDkimValue)
  if (value === undefined) return undefined
  if (values.length > 1)
    return `there are ${values.length} TXT values, and which is taken is undefined (RFC 6376 §3.6.2.2)`
  const { value: key, faults } = readDkim(value)
  const [fault] = faults
  if (key === undefined) return fault && faultText(fault)
  return key.bits !== undefined && key.bits < LEAST_BITS
    ? `it has ${key.bits} bits, and receivers refuse less than ${LEAST_BITS} (RFC 8301 §3.2)`
    : undefined
}
