import { policyHostName } from '../../../../records/families/mta-sts/policy.js'
import { readStsPolicy } from '../../../../records/families/mta-sts/read-policy.js'
import { isStsValue, readStsRecord } from '../../../../records/families/mta-sts/read-record.js'
import { joinName, type Name } from '../../../../records/rr/name.js'
import { rdataTexts } from '../../../../records/rr/rrset.js'
import type { World } from '../world.js'

/** Where the MTA-STS policy of a domain is to be fetched. */
export interface PolicyHost {
  readonly name: Name
  readonly addresses: readonly string[]
  /** A wildcard answers for it, so that nobody may have meant it. */
  readonly isWildcard: boolean
  /** Why its addresses are not known. */
  readonly failure?: string
}

export async function policyHost(domain: Name, { dns }: Pick<World, 'dns'>): Promise<PolicyHost> {
  const host = policyHostName(domain)
  const looks = await Promise.all([dns.look(host, 'A'), dns.look(host, 'AAAA')])
  const addresses = looks.flatMap((look) => (look.kind === 'answer' ? (look.rrset.rdata as readonly string[]) : []))
  const failed = looks.find((look) => look.kind === 'failure')
  return {
    name: host,
    addresses,
    isWildcard: looks.some((look) => look.kind === 'answer' && look.synthesized),
    ...(failed?.kind === 'failure' && { failure: failed.why }),
  }
}

/** Whether senders find a policy of a domain that they have to enforce, whoever publishes it (RFC 8461 §5). */
export async function isEnforced(domain: Name, world: Pick<World, 'dns' | 'fetchPolicy' | 'signal'>): Promise<boolean> {
  const look = await world.dns.look(joinName('_mta-sts', domain), 'TXT')
  const [value, ...others] = look.kind === 'answer' ? rdataTexts(look.rrset).filter(isStsValue) : []
  if (value === undefined || others.length > 0 || !readStsRecord(value).value) return false
  const { name, addresses } = await policyHost(domain, world)
  if (addresses.length === 0) return false
  const reply = await world.fetchPolicy(name, addresses, world.signal)
  return reply.kind === 'answer' && reply.status === 200 && readStsPolicy(reply.body).value?.mode === 'enforce'
}
