import type { Question } from '../../providers/dns/client/answer.js'
import type { DnsClient } from '../../providers/dns/client/client.js'
import {
  observeZone,
  rrsetsSaid,
  type ServerFault,
  type ZoneObservation,
} from '../../providers/dns/client/observe-zone.js'
import type { Outcome } from '../../providers/dns/client/outcome.js'
import type { PublicDns } from '../../providers/dns/client/public-dns.js'
import type { DelegatedZone } from '../../providers/dns/client/zone-finder.js'
import { serverText } from '../../providers/dns/server.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, compareRRsets, keyOf } from '../../records/rr/rrset.js'

/** Asks one zone, and keeps what it said. */
export interface ZoneAsker extends DelegatedZone {
  /** Asks all servers what was not asked before. Throws `unavailable` where none of them answers a question. */
  ask(questions: readonly Question[]): Promise<void>
  /** Asks what most likely is not there: one server first, and all where it has something. What nobody answers is a remark. */
  guess(questions: readonly Question[]): Promise<void>
  rrsets(): AnyRRset[]
  /** The names and types that were asked, in order. */
  asked(): string[]
  /** Whether the zone says that nothing is at a name, nor below it. */
  lacks(name: Name): boolean
  /** What the reader should know: servers that disagree, or do not answer. */
  remarks(): string[]
}

/** Where no authoritative server can be reached, as in networks that let no DNS out, the resolver is asked instead. */
export async function zoneAsker(dns: PublicDns, delegated: DelegatedZone, signal: AbortSignal): Promise<ZoneAsker> {
  const { zone } = delegated
  const found = new Map<string, AnyRRset>()
  const asked = new Set<string>()
  const absent = new Set<Name>()
  const remarks = new Set<string>()
  const { all, one, client } = await serversOf(dns, delegated, signal, remarks)
  const freshOf = (questions: readonly Question[]): Question[] => {
    const fresh = questions.filter((question) => !asked.has(keyOf(question)))
    for (const question of fresh) asked.add(keyOf(question))
    return fresh
  }
  const askAll = async (questions: readonly Question[]): Promise<ZoneObservation> => {
    const seen = await observeZone(client, all, questions, signal)
    for (const rrset of rrsetsSaid(seen)) found.set(keyOf(rrset), rrset)
    for (const text of [...seen.faults.map(faultText), ...disagreements(seen)]) remarks.add(text)
    for (const question of questions) if (outcomeIn(seen, question)?.kind === 'nxdomain') absent.add(question.name)
    return seen
  }
  return {
    ...delegated,
    ask: async (questions) => {
      const fresh = freshOf(questions)
      if (fresh.length === 0) return
      const seen = await askAll(fresh)
      const unanswered = fresh.filter((question) => outcomeIn(seen, question) === undefined)
      if (unanswered.length > 0) throw notAnswered(zone, unanswered, seen.faults)
    },
    guess: async (questions) => {
      const fresh = freshOf(questions)
      if (fresh.length === 0) return
      const seen = await observeZone(client, one, fresh, signal)
      const held = fresh.filter((question) => !['nodata', 'nxdomain'].includes(outcomeIn(seen, question)?.kind ?? ''))
      if (held.length > 0) await askAll(held)
    },
    rrsets: () => [...found.values()].sort(compareRRsets),
    asked: () => [...asked],
    lacks: (name) => absent.has(name),
    remarks: () => [...remarks].map((text) => `${zone}: ${text}`),
  }
}

function outcomeIn({ said }: ZoneObservation, question: Question): Outcome | undefined {
  return said.get(keyOf(question))?.[0]?.outcome
}

/** Of what was not read nobody knows whether it is there. */
function notAnswered(zone: Name, questions: readonly Question[], faults: readonly ServerFault[]): MailsyncError {
  const messages = [...new Set(faults.map(faultText))]
  return new MailsyncError(
    'unavailable',
    `no name server of ${zone} answers for ${questions.map(keyOf).join(', ')}: ${messages.join('; ')}`,
    { where: { zone }, hint: 'try again; if it stays, look at the name servers of the zone' },
  )
}

interface Servers {
  readonly client: DnsClient
  readonly all: DelegatedZone
  readonly one: DelegatedZone
}

async function serversOf(
  { client, resolver, resolvers }: PublicDns,
  all: DelegatedZone,
  signal: AbortSignal,
  remarks: Set<string>,
): Promise<Servers> {
  try {
    const { servers } = await observeZone(client, all, [], signal)
    const first = servers.slice(0, 1).map(({ nameServer, address }) => ({ name: nameServer, addresses: [address] }))
    return { client, all, one: { ...all, nameServers: first } }
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled' || resolvers.length === 0) throw error
    remarks.add(`read through the resolver, whose TTLs count down, because ${error.message}`)
    const through = { ...all, nameServers: resolvers.map((address) => ({ name: all.zone, addresses: [address] })) }
    const asAuthority: DnsClient = {
      ...client,
      ask: async (_, question, options) => ({
        ...(await resolver.resolve(question, options?.signal)),
        authoritative: true,
      }),
    }
    const one = { ...through, nameServers: through.nameServers.slice(0, 1) }
    return { client: asAuthority, all: one, one }
  }
}

function faultText({ message, question }: ServerFault): string {
  return question ? `${message} (asked for ${keyOf(question)})` : message
}

function disagreements({ said }: ZoneObservation): string[] {
  return [...said].flatMap(([question, [first, ...others]]) => {
    if (!first || others.length === 0) return []
    const strange = others.flatMap(({ servers }) =>
      servers.map(({ nameServer, address }) => `${nameServer} (${serverText(address)})`),
    )
    return [
      `not the same everywhere: of ${question} ${strange.join(' and ')} ${strange.length === 1 ? 'says' : 'say'} something else`,
    ]
  })
}
