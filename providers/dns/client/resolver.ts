import { getServers } from 'node:dns'
import { MailsyncError } from '../../../records/error.js'
import { parseAddress } from '../../../records/rr/address.js'
import { keyOf } from '../../../records/rr/rrset.js'
import { RCODE, rcodeText } from '../rcode.js'
import { DNS_PORT, type ServerAddress, serverText } from '../server.js'
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

/** Reads `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`; the port is 53 where none is given. */
export function parseServer(text: string): ServerAddress {
  const server = readServer(text)
  if (server) return server
  throw new MailsyncError('usage', `${JSON.stringify(text)} is no address of a DNS server`, {
    hint: 'write ADDRESS or ADDRESS:PORT, such as 192.0.2.53:53 or [2001:db8::53]:53',
  })
}

function readServer(text: string): ServerAddress | undefined {
  const [, host = text, port = String(DNS_PORT)] =
    /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text) ?? /^([^:]*)(?::(\d{1,5}))?$/.exec(text) ?? []
  const [address = '', interfaceName] = host.split('%')
  const parsed = parseAddress(address)
  if (typeof parsed !== 'string' || Number(port) < 1 || Number(port) > 65_535) return undefined
  return { host: interfaceName === undefined ? parsed : `${parsed}%${interfaceName}`, port: Number(port) }
}
