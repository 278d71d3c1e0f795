import type { Question } from '../../providers/dns/client/answer.js'
import type { DnsClient } from '../../providers/dns/client/client.js'
import {
  observeZone,
  rrsetsSaid,
  type ServerFault,
  type ZoneObservation,
} from '../../providers/dns/client/observe-zone.js'
import type { PublicDns } from '../../providers/dns/client/public-dns.js'
import type { DelegatedZone } from '../../providers/dns/client/zone-finder.js'
import { serverText } from '../../providers/dns/server.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, compareRRsets, keyOf } from '../../records/rr/rrset.js'

/** Asks one zone, and keeps what it said. */
export interface ZoneAsker extends DelegatedZone {
  /** Asks what was not asked before. */
  ask(questions: readonly Question[]): Promise<void>
  rrsets(): AnyRRset[]
  /** The names and types that were asked, in order. */
  asked(): string[]
  /** Whether the zone says that nothing is at a name, nor below it. */
  lacks(name: Name): boolean
  /** What the reader should know: servers that disagree, or do not answer. */
  remarks(): string[]
}

/**
 * Each question goes to one server, and what has records then to all of them. Where no authoritative server can be reached, as in networks
 * that let no DNS out, the resolver is asked instead.
 */
export async function zoneAsker(dns: PublicDns, delegated: DelegatedZone, signal: AbortSignal): Promise<ZoneAsker> {
  const { zone } = delegated
  const found = new Map<string, AnyRRset>()
  const asked = new Set<string>()
  const absent = new Set<Name>()
  const remarks = new Set<string>()
  const { all, one, client } = await serversOf(dns, delegated, signal, remarks)
  return {
    ...delegated,
    ask: async (questions) => {
      const fresh = questions.filter((question) => !asked.has(keyOf(question)))
      for (const question of fresh) asked.add(keyOf(question))
      if (fresh.length === 0) return
      const first = await observeZone(client, one, fresh, signal)
      for (const fault of first.faults) remarks.add(faultText(fault))
      for (const question of fresh)
        if (first.said.get(keyOf(question))?.[0]?.outcome.kind === 'nxdomain') absent.add(question.name)
      const held = fresh.filter((question) => {
        const outcome = first.said.get(keyOf(question))?.[0]?.outcome
        return outcome && 'rrset' in outcome
      })
      const whole = await observeZone(client, all, held, signal)
      for (const rrset of rrsetsSaid(whole)) found.set(keyOf(rrset), rrset)
      for (const fault of whole.faults) remarks.add(faultText(fault))
      for (const text of disagreements(whole)) remarks.add(text)
    },
    rrsets: () => [...found.values()].sort(compareRRsets),
    asked: () => [...asked],
    lacks: (name) => absent.has(name),
    remarks: () => [...remarks].map((text) => `${zone}: ${text}`),
  }
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
