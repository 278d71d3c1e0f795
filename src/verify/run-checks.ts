import pLimit from 'p-limit'
import { groupBy } from '../../records/group.js'
import { type Name, zoneOf } from '../../records/rr/name.js'
import { checkOutbound } from './ask/smtp/outbound.js'
import type { World } from './ask/world.js'
import { checkBlocklists } from './blocklists/check-blocklists.js'
import { type Check, worstFirst } from './check.js'
import { checkDelegation } from './checks/delegation/delegation.js'
import { checkDkim } from './checks/dkim.js'
import { checkDmarc } from './checks/dmarc.js'
import { checkReverse } from './checks/fcrdns.js'
import { checkLeftovers } from './checks/leftovers.js'
import { checkMessage } from './checks/message.js'
import { checkMtaSts } from './checks/mta-sts.js'
import { checkMx, checkMxTarget } from './checks/mx.js'
import { checkAtResolvers } from './checks/resolvers.js'
import { checkServed } from './checks/served-records.js'
import { checkSmtp } from './checks/smtp.js'
import { checkHelo, checkSpf } from './checks/spf.js'
import { checkTlsRpt } from './checks/tls-rpt.js'
import { checkTlsa } from './checks/tlsa.js'
import type { CheckedDomain, CheckedHost, Scope, Sender } from './subjects/scope.js'

/** Subjects that are looked at at the same time; how many questions go out at once is the DNS client's business. */
const PARALLEL = 64

const OF_DOMAIN: readonly ((domain: CheckedDomain, world: World) => Promise<Check[]>)[] = [
  checkMx,
  checkSpf,
  checkDkim,
  checkDmarc,
  checkMtaSts,
  checkTlsRpt,
  checkLeftovers,
]
const OF_HOST: readonly ((host: CheckedHost, world: World) => Promise<Check[]>)[] = [
  async (host, world) => (host.receives ? checkMxTarget(host, world) : []),
  checkHelo,
  checkTlsa,
  checkSmtp,
]

/** Runs all checks of a scope; the worst are first. */
export async function runChecks(
  scope: Scope,
  world: World,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Check[]> {
  const { domains, hosts, zones, records, mailings = [] } = scope
  const jobs: readonly Job[] = [
    ...jobsOfZones({ domains, zones, records, mailings }, world),
    ...hosts.map((host) => () => all(OF_HOST.map((check) => check(host, world)))),
    ...sendersIn(scope).map((sender) => () => checkReverse(sender, world)),
    ...(world.blocklists
      ? sendersIn(scope).map(
          ({ address }) =>
            () =>
              checkBlocklists(address, world),
        )
      : []),
    ...(world.smtp ? [() => checkOutbound(world)] : []),
  ]
  const limit = pLimit(PARALLEL)
  let done = 0
  const found = await Promise.all(
    jobs.map((job) =>
      limit(async () => {
        const checks = await job()
        onProgress(++done, jobs.length)
        return checks
      }),
    ),
  )
  return onceEach(found.flat()).sort(worstFirst)
}

type Job = () => Promise<Check[]>

/** What is asked about a zone comes together: then it need not be remembered for long. */
function jobsOfZones({ domains, zones, records, mailings = [] }: Omit<Scope, 'hosts'>, world: World): Job[] {
  const known = new Map(zones.map((zone) => [zone.name, zone]))
  const jobs = new Map<Name, Job[]>(zones.map(({ name }) => [name, []]))
  const add = (name: Name, job: Job): void => {
    const zone = zoneOf(name, known) ?? name
    const those = jobs.get(zone)
    if (those) those.push(job)
    else jobs.set(zone, [job])
  }
  for (const zone of zones) add(zone.name, () => checkDelegation(zone, world))
  for (const domain of domains) add(domain.name, () => all(OF_DOMAIN.map((check) => check(domain, world))))
  for (const mailing of mailings) add(mailing.domain, () => checkMessage(mailing, world))
  for (const [zone, list] of records)
    add(zone, () =>
      all(
        list.map(async (record) => [
          await checkServed(record, zone, world),
          ...(await checkAtResolvers(record, zone, world)),
        ]),
      ),
    )
  return [...jobs.values()].flat()
}

/** What several find out, such as the CAA of a host at two of its addresses, is said once. */
function onceEach(checks: readonly Check[]): Check[] {
  const alike = groupBy(checks, ({ id, subject }) => `${id} ${subject.name}`)
  return [...alike.values()].flatMap((some) =>
    some.length === 1 ? some : [...new Map(some.map((check) => [JSON.stringify(check), check])).values()],
  )
}

/** Each address once, with the name in HELO where one is known. */
function sendersIn({ domains, hosts }: Scope): Sender[] {
  const found = new Map<string, Sender>()
  for (const sender of [...domains.flatMap(({ senders }) => senders), ...hosts.flatMap(({ sends }) => sends)])
    if (sender.helo !== undefined || !found.has(sender.address)) found.set(sender.address, sender)
  return [...found.values()]
}

async function all(checks: readonly Promise<Check[]>[]): Promise<Check[]> {
  return (await Promise.all(checks)).flat()
}
