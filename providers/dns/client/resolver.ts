import { getServers } from 'node:dns'
import { MailsyncError } from '../../../records/error.js'
import { keyOf } from '../../../records/rr/rrset.js'
import { RCODE, rcodeText } from '../rcode.js'
import { readServer, type ServerAddress, serverText } from '../server.js'
import type { Answer, Question } from './answer.js'
import type { DnsClient } from './client.js'

/** Asks recursive resolvers. */
export interface Resolver {
  /** The answer of the first resolver that has one: `NOERROR` or `NXDOMAIN`. Throws `unavailable` or `timeout` where none has. */
  resolve(question: Question, signal?: AbortSignal): Promise<Answer>
}

/** @param servers at least one; the next is asked where one fails */
export function resolverAt(client: DnsClient, servers: readonly ServerAddress[]): Resolver {
  return {
    resolve: async (question, signal) => {
      let failure: MailsyncError | undefined
      for (const server of servers) {
        try {
          const answer = await client.ask(server, question, { recursion: true, signal })
          if (answer.rcode === RCODE.NOERROR || answer.rcode === RCODE.NXDOMAIN) return answer
          failure = failedAnswer(answer)
        } catch (error) {
          if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
          failure = error
        }
      }
      throw failure ?? new MailsyncError('unavailable', 'there is no resolver to ask')
    },
  }
}

function failedAnswer({ server, rcode, question }: Answer): MailsyncError {
  const code = rcodeText(rcode)
  return new MailsyncError('unavailable', `the resolver ${serverText(server)} answers ${code} for ${keyOf(question)}`, {
    apiCode: code,
    hint:
      rcode === RCODE.SERVFAIL
        ? 'the name servers of the zone do not answer it, or DNSSEC does not verify there'
        : 'see whether this resolver may be used from here, or name another with --resolver, or none: --resolver root',
  })
}

/** The resolvers this system is set up with. */
export function systemResolvers(): ServerAddress[] {
  return getServers().flatMap((text) => readServer(text) ?? [])
}
