import type { MailRecord } from '../../records/families/mail-record.js'
import { type Name, relativeTo } from '../../records/rr/name.js'
import { presentation } from '../../records/rr/rdata.js'

/**
 * The mail records of one zone in master file form (RFC 1035 §5). SOA and NS are placeholders, so that the file stands alone
 * and `named-checkzone` takes it.
 */
export function renderZoneFile(zone: Name, records: readonly MailRecord[], ttl: number): string {
  const owner = (name: Name): string => relativeTo(zone, name)
  const lines = records.flatMap(({ rrset }) =>
    rrset.rdata.map((rdata) => [owner(rrset.name), String(rrset.ttl), rrset.type, presentation(rrset.type, rdata)]),
  )
  const types = Math.max(...lines.map(([, , type = '']) => type.length), 4)
  const width = Math.max(8, ...lines.map(([name = '']) => Math.min(name.length, 40)))
  return [
    `$ORIGIN ${zone}`,
    `$TTL ${ttl}`,
    '; SOA and NS are placeholders, so that this file stands alone',
    `${'@'.padEnd(width)} IN SOA ns.invalid. hostmaster.invalid. 1 3600 900 1209600 300`,
    `${'@'.padEnd(width)} IN NS  ns.invalid.`,
    ...lines.map(
      ([name = '', seconds = '', type = '', value = '']) =>
        `${name.padEnd(width)} ${seconds} IN ${type.padEnd(types)} ${value}`,
    ),
    '',
  ].join('\n')
}
