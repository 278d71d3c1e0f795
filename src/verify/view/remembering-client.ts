import type { Answer } from '../../../providers/dns/client/answer.js'
import type { DnsClient } from '../../../providers/dns/client/client.js'
import { serverText } from '../../../providers/dns/server.js'
import { keyOf } from '../../../records/rr/rrset.js'
import { latest } from './latest.js'

/** What every server knows. Some drop questions for any other type, which must not make them count as silent for these. */
const USUAL: readonly string[] = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'TXT']

/** What is asked again and again about a zone; of the rest the view remembers what came of it, which is less. */
const REPEATED: readonly string[] = ['SOA', 'NS']

/**
 * Asks a resolver each question once as long as it matters, and a name server each about its zone; a question that failed too.
 *
 * @param rare asks for types that not all servers know
 */
export function rememberingClient(usual: DnsClient, rare: DnsClient): DnsClient {
  const known = latest<string, Promise<Answer>>()
  return {
    ask: (server, question, options = {}) => {
      const client = USUAL.includes(question.type) ? usual : rare
      if (options.recursion !== true && !REPEATED.includes(question.type)) return client.ask(server, question, options)
      const how = `${options.recursion === true} ${options.unchecked === true}`
      const key = `${serverText(server)} ${how} ${keyOf(question)}`
      return known.get(key, () => client.ask(server, question, options))
    },
    close: () => {
      usual.close()
      rare.close()
    },
  }
}
