import { MailsyncError } from '../../../records/error.js'
import { isWithin, type Name, parentOf, ROOT } from '../../../records/rr/name.js'
import { RCODE, rcodeText } from '../rcode.js'
import { DNS_PORT, type ServerAddress, serverText } from '../server.js'
import type { Answer, Question } from './answer.js'
import type { DnsClient } from './client.js'
import type { Resolver } from './resolver.js'
import { addressesIn, type DelegatedZone, type NameServer, rrsetIn, type ZoneFinder } from './zone-finder.js'

export interface RootWalkOptions {
  /** Default: those of the Internet. */
  readonly roots?: readonly ServerAddress[]
  /** Where all other servers are asked; default 53. */
  readonly port?: number
}

/** The IPv4 addresses of the servers a to m of the root (IANA, root hints; b since 2023-11). */
const ROOT_HINTS = [
  '198.41.0.4',
  '170.247.170.2',
  '192.33.4.12',
  '199.7.91.13',
  '192.203.230.10',
  '192.5.5.241',
  '192.112.36.4',
  '198.97.190.53',
  '192.36.148.17',
  '192.58.128.30',
  '193.0.14.129',
  '199.7.83.42',
  '202.12.27.33',
].map((host) => ({ host, port: DNS_PORT }))

/** Name servers that lead to each other without an address end here, and so do CNAMEs. */
const MOST_STEPS = 8

/**
 * Finds zones by walking the delegations down from the root, a label at a time, and answers from their servers, without any
 * resolver: what the parent's servers say now, not what somebody has in a cache, or shows to his own network only. Each zone on
 * the way is looked up once.
 */
export function walkFromRoot(
  client: DnsClient,
  { roots = ROOT_HINTS, port = DNS_PORT }: RootWalkOptions = {},
): ZoneFinder & Resolver {
  const root: DelegatedZone = { zone: ROOT, nameServers: [{ name: ROOT, addresses: roots }] }
  const found = new Map<Name, DelegatedZone>([[ROOT, root]])
  const underway = new Map<Name, Promise<DelegatedZone>>()
  const addresses = new Map<Name, readonly ServerAddress[]>()

  /** @param trail the name servers whose addresses are being looked for: such a walk waits for no other, which may wait for it */
  const zoneAt = (name: Name, trail: readonly Name[], signal?: AbortSignal): Promise<DelegatedZone> => {
    const known = found.get(name)
    if (known) return Promise.resolve(known)
    const walk = async (): Promise<DelegatedZone> => {
      const parent = await zoneAt(parentOf(name), trail, signal)
      const zone = await cutAt(name, parent, trail, signal)
      found.set(name, zone)
      return zone
    }
    if (trail.length > 0) return walk()
    const begun = underway.get(name) ?? walk().finally(() => underway.delete(name))
    underway.set(name, begun)
    return begun
  }

  const cutAt = async (
    name: Name,
    parent: DelegatedZone,
    trail: readonly Name[],
    signal?: AbortSignal,
  ): Promise<DelegatedZone> => {
    const { answer, authority, additional } = await askAny(parent, { name, type: 'SOA' }, trail, signal)
    const delegated = rrsetIn(authority, name, 'NS')
    if (delegated) return { zone: name, nameServers: withGlue(delegated.rdata, additional, parent.zone) }
    if (!answer.some((rrset) => rrset.type === ('SOA' as string) && rrset.name === name)) return parent
    // The servers of the parent answer for this zone as well.
    const own = await askAny(parent, { name, type: 'NS' }, trail, signal)
    const names = rrsetIn(own.answer, name, 'NS')?.rdata ?? []
    return { zone: name, nameServers: withGlue(names, own.additional, parent.zone) }
  }

  /** An address that comes with a delegation is believed for names below the zone that was asked (RFC 2181 §5.4.1). */
  const withGlue = (names: readonly Name[], additional: Answer['additional'], zone: Name): NameServer[] =>
    names.map((name) => ({
      name,
      addresses: isWithin(name, zone) ? addressesIn(additional, port, name) : [],
    }))

  const askAny = async (
    { zone, nameServers }: DelegatedZone,
    question: Question,
    trail: readonly Name[],
    signal?: AbortSignal,
  ): Promise<Answer> => {
    const failures: string[] = []
    for (const nameServer of nameServers) {
      const servers = await addressesOf(nameServer, trail, signal)
      if (servers.length === 0) failures.push(`${nameServer.name} has no address`)
      for (const server of servers) {
        try {
          const answer = await client.ask(server, question, { signal })
          if (isTelling(answer)) return answer
          failures.push(`${serverText(server)} answers ${rcodeText(answer.rcode)} without authority`)
        } catch (error) {
          if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
          failures.push(error.message)
        }
      }
    }
    throw new MailsyncError('unavailable', `no name server of ${zone} answers: ${failures.join('; ')}`, {
      hint: 'check the route to them; where only a resolver may be asked, name it with --resolver',
    })
  }

  const addressesOf = async (
    nameServer: NameServer,
    trail: readonly Name[],
    signal?: AbortSignal,
  ): Promise<readonly ServerAddress[]> => {
    const { name } = nameServer
    const known = nameServer.addresses.length > 0 ? nameServer.addresses : addresses.get(name)
    if (known) return known
    if (trail.includes(name) || trail.length >= MOST_STEPS) return []
    try {
      const further = [...trail, name]
      const zone = await zoneAt(name, further, signal)
      const types = ['A', 'AAAA'] as const
      const answers = await Promise.all(types.map((type) => askAny(zone, { name, type }, further, signal)))
      const looked = answers.flatMap(({ answer }) => addressesIn(answer, port, name))
      addresses.set(name, looked)
      return looked
    } catch (error) {
      if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
      return []
    }
  }

  const find = async (name: Name, signal?: AbortSignal): Promise<DelegatedZone> => {
    const { zone, nameServers } = await zoneAt(name, [], signal)
    const whole = nameServers.map(async (one) => ({ name: one.name, addresses: await addressesOf(one, [], signal) }))
    return { zone, nameServers: await Promise.all(whole) }
  }

  /** Goes on where a CNAME leads. */
  const resolve = async (question: Question, signal?: AbortSignal): Promise<Answer> => {
    const before: Answer['answer'][number][] = []
    for (let name = question.name, step = 0; ; step++) {
      const zone = await zoneAt(name, [], signal)
      const answer = await askAny(zone, { ...question, name }, [], signal)
      const target = rrsetIn(answer.answer, name, 'CNAME')?.rdata[0]
      const whole = { ...answer, question, answer: [...before, ...answer.answer] }
      if (target === undefined || question.type === 'CNAME' || step === MOST_STEPS) return whole
      if (answer.answer.some((rrset) => rrset.type === question.type)) return whole
      before.push(...answer.answer)
      name = target
    }
  }

  return { find, resolve }
}

/** Whether the server knows: it is authoritative, or it says who is. */
function isTelling({ rcode, authoritative, authority, question }: Answer): boolean {
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN) return false
  return authoritative || rrsetIn(authority, question.name, 'NS') !== undefined
}
