import { spfBudget } from '../../../records/families/spf/evaluate/budget.js'
import { checkHost } from '../../../records/families/spf/evaluate/check-host.js'
import type { SpfCheck } from '../../../records/families/spf/evaluate/trace.js'
import { isSpfValue, readSpf } from '../../../records/families/spf/read-spf.js'
import { isPublic } from '../../../records/rr/address.js'
import { withoutDot } from '../../../records/rr/name.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import type { World } from '../ask/world.js'
import { type Check, type Judge, judge, ofDomain, ofHost } from '../check.js'
import type { CheckedDomain, CheckedHost, Sender } from '../subjects/scope.js'
import { byWayOf, listed } from '../words.js'

/** The SPF of a domain: one, that can be evaluated, and that lets everybody pass who sends for it. */
export async function checkSpf(domain: CheckedDomain, world: World): Promise<Check[]> {
  const record = await checkRecord(domain, world)
  // Where the record itself cannot be used, it is so for every address; that is said once.
  if (record.id !== 'spf-record' || record.verdict === 'fail' || record.verdict === 'unknown') return [record]
  const { name, senders } = domain
  const mailFrom = `postmaster@${withoutDot(name)}`
  const checks = senders
    .filter(({ address }) => isPublic(address))
    .map(async ({ address, helo }) => {
      const check = await checkHost({ ip: address, mailFrom, ...(helo && { helo: withoutDot(helo) }) }, world.dns.spf)
      const asked = `SPF of ${withoutDot(name)} for ${address}`
      return verdictOf(check, judge('spf-sender', ofDomain(name), asked), address)
    })
  return [record, ...(await Promise.all(checks))]
}

/** The SPF of the name that a host says in HELO, which counts for bounces, whoever wrote it. */
export async function checkHelo({ name, spec, sends }: CheckedHost, { dns }: World): Promise<Check[]> {
  if (sends.length === 0) return []
  const look = await dns.look(name, 'TXT')
  const has = look.kind === 'answer' && rdataTexts(look.rrset).some(isSpfValue)
  if (look.kind !== 'failure' && !has && !spec?.heloSpf) return []
  const checks = sends
    .filter(({ address }) => isPublic(address))
    .map(async ({ address }: Sender) => {
      const check = await checkHost({ ip: address, helo: withoutDot(name) }, dns.spf)
      return verdictOf(
        check,
        judge('spf-helo', ofHost(name), `SPF of ${withoutDot(name)} in HELO for ${address}`),
        address,
      )
    })
  return Promise.all(checks)
}

async function checkRecord({ name, spec, sends }: CheckedDomain, { dns }: World): Promise<Check> {
  const asked = `${name} TXT`
  const of = (section?: string): Judge => judge('spf-record', ofDomain(name), asked, section)
  const look = await dns.look(name, 'TXT')
  if (look.kind === 'failure') return of().unknown(look.why, 'look at the name servers of the zone')
  const values = look.kind === 'answer' ? rdataTexts(look.rrset).filter(isSpfValue) : []
  const [value, ...others] = values
  if (value === undefined) {
    const present = judge('spf-present', ofDomain(name), asked)
    if (spec?.spf === false) return present.pass('none, as the spec says')
    return sends
      ? present.fail('there is none', 'publish one that lets its servers pass')
      : present.warn('there is none', 'publish v=spf1 -all, so that nobody can send for it')
  }
  if (others.length > 0)
    return of().fail(`there are ${values.length}: receivers take none of them (permerror)`, 'make one record of them')
  const { value: record, faults } = readSpf(value)
  if (!record)
    return of(faults[0]?.section).fail(
      `receivers cannot read it (permerror): ${listed(faults.map(({ message }) => message))}`,
      'put that right',
    )
  const budget = await spfBudget(name, dns.spf)
  const [fault] = budget.faults
  if (fault)
    return of('RFC 7208 §4.6.4').fail(
      `it ${fault.message}`,
      `remove what is not needed: mailsync spf check ${withoutDot(name)} shows what each term costs`,
    )
  if (budget.unknown.length > 0)
    return of().pass(
      `one, with ${budget.lookups} of 10 look-ups, and what ${listed(budget.unknown)} costs besides${byWayOf(look.via)}`,
    )
  return of().pass(`one, with ${budget.lookups} of 10 look-ups${byWayOf(look.via)}`)
}

function verdictOf({ result, tree }: SpfCheck, { pass, fail, unknown }: Judge, address: string): Check {
  const why = tree.why === undefined ? '' : `: ${tree.why}`
  if (result === 'pass') return pass('pass')
  if (result === 'temperror') return unknown(`temperror${why}`, 'look at the name servers of the names it leads to')
  const todo = result === 'permerror' ? 'put that right' : `let ${address} pass, or do not send from it`
  return fail(`${result}${why}`, todo)
}
