import { randomBytes } from 'node:crypto'
import { MailsyncError } from '../../../records/error.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import { type AnyRRset, keyOf } from '../../../records/rr/rrset.js'
import { RCODE, rcodeText } from '../rcode.js'
import { type ServerAddress, serverText } from '../server.js'
import type { Answer, Question } from './answer.js'
import type { DnsClient } from './client.js'
import { isSynthesized, type Outcome, outcomeOf, sameOutcome, siblingPlace } from './outcome.js'
import type { DelegatedZone } from './zone-finder.js'

/** One address of a name server of the zone. */
export interface ZoneServer {
  readonly nameServer: Name
  readonly address: ServerAddress
}

/**
 * What keeps a server from answering.
 *
 * - `lame`: it answers, but not as an authority for the zone. `servfail`: it says so.
 * - `refused`: it says REFUSED or the like, or nothing takes DNS there.
 * - `silent`: no answer in time. `no-route`: there is no way to it, as to IPv6 from a machine without.
 * - `truncated`: its answer does not fit into UDP, and is not to be had over TCP. `no-address`: its name has none.
 */
export type FaultKind = 'lame' | 'refused' | 'servfail' | 'silent' | 'no-route' | 'truncated' | 'no-address'

export interface ServerFault {
  readonly nameServer: Name
  readonly address?: ServerAddress
  readonly kind: FaultKind
  /** Absent where it is so for the zone as a whole, which it is asked no more questions about then. */
  readonly question?: Question
  /** In words that name the server. */
  readonly message: string
}

/** What some servers say of one question. */
export interface Said {
  readonly outcome: Outcome
  /** At least one. */
  readonly servers: readonly ZoneServer[]
}

interface SoaFields {
  readonly serial: number
  /** Seconds for which resolvers remember that something is not there (RFC 2308 §5). */
  readonly negativeTtl: number
}

/** What the authoritative servers of a zone say. */
export interface ZoneObservation {
  readonly zone: Name
  /** Those that answer for the zone, with what the SOA of each says. */
  readonly servers: readonly (ZoneServer & Partial<SoaFields>)[]
  readonly faults: readonly ServerFault[]
  /** By {@link keyOf} of the question: one entry where all servers agree, else what most of them say first; empty where none answered. */
  readonly said: ReadonlyMap<string, readonly Said[]>
}

/**
 * Asks every authoritative server of a zone the same questions. What each says is kept apart where they disagree; a server that does not
 * answer for the zone is a fault, not an error. Throws `unavailable` where none answers for the zone.
 *
 * A wildcard's answer looks like any other on the wire. A name that nobody can have made is asked for too, beside each name that has
 * records: where it has the same ones, `synthesized` is true. So it is for records that were made just like the wildcard's.
 */
export async function observeZone(
  client: DnsClient,
  { zone, nameServers }: DelegatedZone,
  questions: readonly Question[],
  signal?: AbortSignal,
): Promise<ZoneObservation> {
  const faults: ServerFault[] = nameServers
    .filter(({ addresses }) => addresses.length === 0)
    .map(({ name }) => ({ nameServer: name, kind: 'no-address', message: `${name} has no address that can be found` }))
  const all = nameServers.flatMap(({ name, addresses }) => addresses.map((address) => ({ nameServer: name, address })))
  const ask = async (server: ZoneServer, question: Question, isForZone = false): Promise<Reply | undefined> => {
    const reply = await outcomeAt(client, server, question, zone, signal)
    if (!('fault' in reply) && (!isForZone || reply.outcome.kind === 'rrset')) return reply
    const fault = 'fault' in reply ? reply.fault : lame(server, zone)
    faults.push({ ...server, ...fault, ...(isForZone ? {} : { question }) })
    return undefined
  }
  const apex = await Promise.all(all.map((server) => ask(server, { name: zone, type: 'SOA' }, true)))
  const servers = all.flatMap((server, index) => {
    const reply = apex[index]
    return reply ? [{ ...server, ...soaIn(reply.answer) }] : []
  })
  if (servers.length === 0) throw unanswered(zone, inOrder(faults, nameServers))
  const said = new Map<string, Said[]>()
  await Promise.all(
    questions.map(async (question) => {
      const replies = await Promise.all(servers.map((server) => ask(server, question)))
      const each = servers.flatMap(({ nameServer, address }, index) => {
        const outcome = replies[index]?.outcome
        return outcome ? [{ outcome, server: { nameServer, address } }] : []
      })
      said.set(keyOf(question), agreeing(each))
    }),
  )
  await markSynthesized(said, questions, zone, (server, question) => outcomeAt(client, server, question, zone, signal))
  return { zone, servers, faults: inOrder(withoutNeedless(faults, servers), nameServers), said }
}

/** The RRsets that are in the zone at the names that were asked, as most servers say, and what is in the way there; nothing a wildcard made up. */
export function rrsetsSaid({ said }: ZoneObservation): AnyRRset[] {
  const found = new Map<string, AnyRRset>()
  for (const [first] of said.values()) {
    const { outcome } = first ?? {}
    if (outcome && 'rrset' in outcome && !('synthesized' in outcome && outcome.synthesized))
      found.set(keyOf(outcome.rrset), outcome.rrset)
  }
  return [...found.values()]
}

type Fault = Pick<ServerFault, 'kind' | 'message'>

/** What a server answers, as it is and as it counts. */
export interface Reply {
  readonly outcome: Outcome
  readonly answer: Answer
}

/** What one server of a zone says; what keeps it from answering is a fault, not an error. */
export async function outcomeAt(
  client: DnsClient,
  { nameServer, address }: ZoneServer,
  question: Question,
  zone: Name,
  signal: AbortSignal | undefined,
): Promise<Reply | { readonly fault: Pick<ServerFault, 'kind' | 'message'> }> {
  const fault = (kind: FaultKind, what: string) => ({
    fault: { kind, message: `${textOf({ nameServer, address })} ${what}` },
  })
  let answer: Answer
  try {
    answer = await client.ask(address, question, { signal })
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    if (error.code === 'timeout') return fault('silent', 'does not answer')
    if (error.apiCode === 'TC')
      return fault('truncated', 'has an answer too large for UDP, and does not give it over TCP')
    const kind = error.apiCode === 'ECONNREFUSED' ? 'refused' : 'no-route'
    return fault(kind, `cannot be reached: ${error.apiCode ?? error.message}`)
  }
  const { rcode } = answer
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN)
    return fault(rcode === RCODE.SERVFAIL ? 'servfail' : 'refused', `answers ${rcodeText(rcode)} for ${zone}`)
  const outcome = outcomeOf(answer, zone)
  return outcome ? { outcome, answer } : { fault: lame({ nameServer, address }, zone) }
}

function lame({ nameServer, address }: ZoneServer, zone: Name): Fault {
  const message = `${textOf({ nameServer, address })} is no authority for ${zone}, though the zone is delegated to it`
  return { kind: 'lame', message }
}

/** Its name and address; the address alone where it has no name. */
function textOf({ nameServer, address }: ZoneServer): string {
  const place = serverText(address)
  return nameServer === address.host || nameServer === place ? place : `${nameServer} (${place})`
}

/** What the SOA in an answer says; undefined where there is none. */
export function soaIn({ answer }: Answer): SoaFields | undefined {
  const soa = answer.find(({ type }) => type === ('SOA' as string))
  if (!soa) return undefined
  const fields = String(soa.rdata[0]).split(' ')
  return { serial: Number(fields[2]), negativeTtl: Math.min(Number(fields.at(-1)), soa.ttl) }
}

function agreeing(each: readonly { readonly outcome: Outcome; readonly server: ZoneServer }[]): Said[] {
  const groups: { outcome: Outcome; servers: ZoneServer[] }[] = []
  for (const { outcome, server } of each) {
    const group = groups.find((one) => sameOutcome(one.outcome, outcome))
    if (group) group.servers.push(server)
    else groups.push({ outcome, servers: [server] })
  }
  return groups.sort((a, b) => b.servers.length - a.servers.length)
}

async function markSynthesized(
  said: Map<string, Said[]>,
  questions: readonly Question[],
  zone: Name,
  ask: (server: ZoneServer, question: Question) => ReturnType<typeof outcomeAt>,
): Promise<void> {
  const label = `mailsync-${randomBytes(5).toString('hex')}`
  const probes = new Map<string, ReturnType<typeof outcomeAt>>()
  await Promise.all(
    questions.map(async (question) => {
      const groups = said.get(keyOf(question)) ?? []
      const place = siblingPlace(question.name, zone)
      if (place === undefined) return
      const marked = groups.map(async (group) => {
        const { outcome, servers } = group
        const [server] = servers
        if (!('synthesized' in outcome) || !server) return group
        const sibling = { name: joinName(label, place), type: question.type }
        const key = `${serverText(server.address)} ${keyOf(sibling)}`
        const probe = probes.get(key) ?? ask(server, sibling)
        probes.set(key, probe)
        const reply = await probe
        const synthesized = 'outcome' in reply && isSynthesized(outcome, reply.outcome)
        return { ...group, outcome: { ...outcome, synthesized } }
      })
      said.set(keyOf(question), await Promise.all(marked))
    }),
  )
}

/** In the order of the delegation, and of the questions at each server. */
function inOrder(faults: readonly ServerFault[], nameServers: DelegatedZone['nameServers']): ServerFault[] {
  return nameServers.flatMap(({ name }) => faults.filter(({ nameServer }) => nameServer === name))
}

/** That there is no way to one address of a name server does not matter where another was asked: it is we who lack IPv6. */
function withoutNeedless(faults: readonly ServerFault[], servers: readonly ZoneServer[]): ServerFault[] {
  return faults.filter(
    ({ kind, nameServer }) => kind !== 'no-route' || !servers.some((server) => server.nameServer === nameServer),
  )
}

function unanswered(zone: Name, faults: readonly ServerFault[]): MailsyncError {
  const why = faults.length === 0 ? 'it is delegated to none' : faults.map(({ message }) => message).join('; ')
  return new MailsyncError('unavailable', `no name server answers for ${zone}: ${why}`, {
    where: { zone },
    hint: 'look at the delegation of the zone, and at its name servers',
  })
}
