import { isTlsRptValue, readTlsRpt } from '../../../records/families/tls-rpt/read-tls-rpt.js'
import { joinName } from '../../../records/rr/name.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofDomain } from '../check.js'
import type { CheckedDomain } from '../subjects/scope.js'
import { listed } from '../words.js'

/** Where a domain has TLS-RPT: one record, that senders can read. */
export async function checkTlsRpt({ name, spec }: CheckedDomain, { dns }: World): Promise<Check[]> {
  const at = joinName('_smtp._tls', name)
  const { pass, fail, unknown } = judge('tls-rpt', ofDomain(name), `${at} TXT`)
  const look = await dns.look(at, 'TXT')
  if (look.kind === 'failure') return [unknown(look.why)]
  const values = look.kind === 'answer' ? rdataTexts(look.rrset).filter(isTlsRptValue) : []
  const [value, ...others] = values
  if (value === undefined)
    return spec && spec.tlsRpt !== false ? [fail('not there, though the spec wants it', 'mailsync plan shows it')] : []
  if (others.length > 0) return [fail(`${values.length} records: senders take none`, 'delete all but one of them')]
  const { value: record, faults } = readTlsRpt(value)
  return record
    ? [pass('one')]
    : [fail(`senders cannot read it: ${listed(faults.map(({ message }) => message))}`, 'put that right')]
}
