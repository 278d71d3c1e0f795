import type { Outcome } from '../../../providers/dns/client/outcome.js'
import { families } from '../../../records/families/index.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import { type AnyRRset, isKnown, keyOf, type RRset, rdataTexts } from '../../../records/rr/rrset.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofZone } from '../check.js'
import { faultsIn, listed, serverNames } from '../words.js'

/** Whether a record of the spec is what every server of its zone answers with. */
export async function checkServed(record: MailRecord, zone: Name, world: Pick<World, 'dns'>): Promise<Check> {
  const { rrset } = record
  const key = keyOf(rrset)
  const { pass, warn, fail, unknown } = judge('record-served', ofZone(zone), `${key} at each name server of ${zone}`)
  const seen = await world.dns.everywhere(rrset)
  if (seen.said.length === 0) {
    const look = await world.dns.look(rrset.name, rrset.type)
    const why = faultsIn(seen) ?? 'no server answers'
    return look.kind === 'answer' && whyOther(record, look.rrset) === undefined
      ? unknown(`${why}; a resolver has it as the spec wants it`)
      : unknown(why, 'look at the name servers of the zone')
  }
  const groups = await Promise.all(
    seen.said.map(async ({ outcome, servers }) => ({ servers, why: await whyNot(record, outcome, world) })),
  )
  const wrong = groups.filter(({ why }) => why !== undefined)
  if (wrong.length > 0)
    return fail(
      wrong.map(({ servers, why }) => `${serverNames(servers)}: ${why}`).join('; '),
      groups.length > wrong.length
        ? 'wait until all of them have the newest version of the zone; if it stays, see why the transfer to these fails'
        : 'mailsync plan shows whether the provider has it; mailsync apply writes it',
    )
  const silent = seen.faults.filter(({ question }) => question !== undefined)
  if (silent.length > 0)
    return warn(
      `${listed(silent.map(({ message }) => message))}; the others have it`,
      'see why it does not answer this question',
    )
  return pass(`the same at ${serverNames(seen.servers)}`)
}

/** Why what servers say is not what the spec wants. Where a CNAME or a DNAME leads on, receivers follow, and so it is read there. */
async function whyNot(record: MailRecord, outcome: Outcome, { dns }: Pick<World, 'dns'>): Promise<string | undefined> {
  const { name, type } = record.rrset
  if (outcome.kind === 'rrset') return whyOther(record, outcome.rrset)
  if (outcome.kind === 'nodata' || outcome.kind === 'nxdomain') return 'not there'
  const look = await dns.look(name, type)
  if (look.kind === 'failure') return `what it leads to is not answered: ${look.why}`
  if (look.kind !== 'answer') return `it leads on, where no ${type} is`
  return whyOther(record, look.rrset)
}

/** Why a served set does not mean what a record wants; strangers' values of a shared set are none of its business. */
export function whyOther({ rrset, purpose }: MailRecord, served: AnyRRset): string | undefined {
  if (!isKnown(served)) return `there is a ${served.type}`
  const { isOwn, same, meaningOf } = families[purpose]
  const texts = rdataTexts(served)
  const own = isOwn ? texts.filter((text) => isOwn(text, served.type)) : texts
  const wanted = rdataTexts(rrset as RRset)
  const lacking = wanted.filter((text) => !own.some((one) => same(one, text)))
  const more = meaningOf ? [] : own.filter((text) => !wanted.some((one) => same(one, text)))
  if (lacking.length > 0 && more.length > 0) return `${listed(more)} in place of ${listed(lacking)}`
  if (lacking.length > 0) return `without ${listed(lacking)}`
  return more.length > 0 ? `${listed(more)} besides` : undefined
}
