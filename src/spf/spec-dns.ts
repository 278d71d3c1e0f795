import type { MailRecord } from '../../records/families/mail-record.js'
import type { SpfAnswer, SpfDns, SpfQueryType, SpfRecords } from '../../records/families/spf/evaluate/dns.js'
import type { Mx } from '../../records/rr/rdata.js'
import { keyOf, rdataTexts } from '../../records/rr/rrset.js'

/** DNS as it will be once the records of a spec are written: they first, then what is there beyond. */
export function specDns(records: readonly MailRecord[], beyond: SpfDns): SpfDns {
  const own = new Map(
    records
      .filter(({ purpose }) => purpose === 'spf' || purpose === 'host' || purpose === 'mx')
      .map(({ rrset }) => [keyOf(rrset), rrset]),
  )
  const answer = async (name: Parameters<SpfDns>[0], type: SpfQueryType): Promise<SpfAnswer<SpfQueryType>> => {
    const rrset = own.get(keyOf({ name, type }))
    if (rrset === undefined) return beyond(name, type)
    const values: SpfRecords[SpfQueryType][] = type === 'MX' ? [...(rrset.rdata as readonly Mx[])] : rdataTexts(rrset)
    return { kind: 'answer', records: values }
  }
  return answer as SpfDns
}

/** What is not asked: DNS of others, offline. */
export const notAsked: SpfDns = async () => ({ kind: 'failure', why: 'not asked; --online asks' })
