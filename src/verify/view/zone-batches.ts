import type { Question } from '../../../providers/dns/client/answer.js'
import type { DnsClient } from '../../../providers/dns/client/client.js'
import {
  observeZone,
  type Said,
  type ServerFault,
  type ZoneServer,
} from '../../../providers/dns/client/observe-zone.js'
import type { DelegatedZone } from '../../../providers/dns/client/zone-finder.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'
import { keyOf } from '../../../records/rr/rrset.js'

/** What all servers of a zone say of one question. */
export interface Everywhere {
  readonly zone: Name
  /** What most of them say first; empty where none answers. */
  readonly said: readonly Said[]
  /** Those that answer for the zone. */
  readonly servers: readonly ZoneServer[]
  /** What keeps others from answering, for the zone or for this question. */
  readonly faults: readonly ServerFault[]
  /** Why no server answers for the zone. */
  readonly failure?: string
  /** Whether it is the resolver that is not reached, so that nothing is known of the zone. */
  readonly isResolverLost?: boolean
}

/** Asks all servers of a zone; questions that come at the same time go together. */
export function zoneBatches(
  client: DnsClient,
  zone: DelegatedZone,
  signal: AbortSignal,
): (question: Question) => Promise<Everywhere> {
  let waiting: { readonly question: Question; readonly take: (seen: Promise<Everywhere>) => void }[] = []
  const flush = (): void => {
    const batch = waiting
    waiting = []
    const observed = observe(
      client,
      zone,
      batch.map(({ question }) => question),
      signal,
    )
    for (const { question, take } of batch) take(observed.then((all) => all(question)))
  }
  return (question) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ question, take: resolve })
    })
}

async function observe(
  client: DnsClient,
  delegated: DelegatedZone,
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<(question: Question) => Everywhere> {
  const { zone } = delegated
  try {
    const { servers, faults, said } = await observeZone(client, delegated, questions, signal)
    return (question) => ({
      zone,
      servers,
      said: said.get(keyOf(question)) ?? [],
      faults: faults.filter((fault) => fault.question === undefined || keyOf(fault.question) === keyOf(question)),
    })
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    return () => ({ zone, servers: [], said: [], faults: [], failure: error.message })
  }
}
