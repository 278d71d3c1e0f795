import { randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import { MailsyncError } from '../../../records/error.js'
import { keyOf } from '../../../records/rr/rrset.js'
import { monotonic } from '../../clock.js'
import { stopped } from '../connection-failure.js'
import { type Connections, connectionsTo } from '../connections.js'
import { encodeRequest, OPCODE, OPT, type OutgoingRecord, type Request } from '../message.js'
import { RCODE } from '../rcode.js'
import { type ServerAddress, serverText } from '../server.js'
import { typeCode } from '../type-names.js'
import { type Answer, type DnsReply, type Question, readReply } from './answer.js'
import { udpSockets } from './udp-sockets.js'

export interface AskOptions {
  /** Ask a resolver to find the answer; a server asked without it says what it holds itself. */
  readonly recursion?: boolean
  /** Of a resolver that validates: give the answer although DNSSEC does not prove it (the CD bit, RFC 4035 §3.2.2). */
  readonly unchecked?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Asks DNS servers (RFC 1035), over UDP and where an answer does not fit over TCP. Remembers no answer. */
export interface DnsClient {
  /**
   * The answer of one server, whatever its response code. Throws `timeout` where it is silent, `unavailable` where it cannot be reached or
   * its answer does not arrive whole (`apiCode` is then `TC`), and `cancelled`.
   */
  ask(server: ServerAddress, question: Question, options?: AskOptions): Promise<Answer>
  close(): void
}

export interface DnsClientOptions {
  /** Seconds a try waits; default 2. */
  readonly timeout?: number
  /** How often a question is sent before its server counts as silent; default 3. */
  readonly tries?: number
  /** Questions on their way at the same time; default 64. */
  readonly parallel?: number
}

/** Octets of a UDP answer that need no fragments on any network (DNS flag day 2020). */
const UDP_SIZE = 1232
const EDNS: OutgoingRecord = { owner: Buffer.of(0), type: OPT, class: UDP_SIZE, ttl: 0, rdata: Buffer.alloc(0) }
const NO_EDNS: readonly number[] = [RCODE.FORMERR, RCODE.NOTIMP, RCODE.BADVERS]

const SOCKETS = { perServer: 4, open: 256 }
const TCP_PARALLEL = 8
/** Questions in a row that a server may leave unanswered until the next ones are no longer sent, and for how long. */
const SILENCE = { questions: 3, milliseconds: 30_000 }

/** What one server has shown of itself. */
interface ServerHabits {
  edns: 'unknown' | 'yes' | 'no'
  unanswered: number
  silentSince: number
  tcp?: Connections
}

export function dnsClient({ timeout = 2, tries = 3, parallel = 64 }: DnsClientOptions = {}): DnsClient {
  const sockets = udpSockets(SOCKETS)
  const limit = pLimit(parallel)
  const tcpLimit = pLimit(TCP_PARALLEL)
  const servers = new Map<string, ServerHabits>()
  let isClosed = false

  const habitsOf = (server: ServerAddress): ServerHabits => {
    const key = serverText(server)
    const known = servers.get(key) ?? { edns: 'unknown', unanswered: 0, silentSince: 0 }
    servers.set(key, known)
    return known
  }

  const send = async (server: ServerAddress, question: Question, edns: boolean, options: AskOptions) => {
    const { signal } = options
    const request = requestFor(question, edns, options)
    try {
      return await sockets.exchange({
        server,
        encode: (id) => encodeRequest({ id, ...request }),
        decode: (octets) => readReply(octets, question, server),
        timeout,
        signal,
      })
    } catch (error) {
      throw error instanceof MailsyncError ? error : unreachable(server, error as NodeJS.ErrnoException)
    }
  }

  /** A server that may drop what has EDNS is asked without it now and then (RFC 6891 §6.2.2 leaves this to us). */
  const overUdp = async (server: ServerAddress, question: Question, options: AskOptions): Promise<DnsReply> => {
    const habits = habitsOf(server)
    if (habits.unanswered >= SILENCE.questions && monotonic() - habits.silentSince < SILENCE.milliseconds)
      throw silent(server, question, `it left the last ${habits.unanswered} questions unanswered`)
    let ignored = 0
    for (let attempt = 0; attempt < tries; attempt++) {
      const edns = habits.edns === 'yes' || (habits.edns === 'unknown' && attempt % 2 === 0)
      let result = await send(server, question, edns, options)
      if (edns && 'reply' in result && refusesEdns(result.reply)) {
        habits.edns = 'no'
        result = await send(server, question, false, options)
      }
      if ('reply' in result) {
        if (hasEdns(result.reply)) habits.edns = 'yes'
        else if (!edns && attempt > 0) habits.edns = 'no'
        habits.unanswered = 0
        return result.reply
      }
      ignored += result.ignored
    }
    habits.unanswered += 1
    habits.silentSince = monotonic()
    const heard = ignored === 0 ? '' : `, and ${ignored} messages that are no answer to it were ignored`
    throw silent(server, question, `it was asked ${tries} times, ${timeout} s each${heard}`)
  }

  const overTcp = (server: ServerAddress, question: Question, options: AskOptions): Promise<Answer> =>
    tcpLimit(async () => {
      const { signal } = options
      const habits = habitsOf(server)
      habits.tcp ??= connectionsTo({ ...server, timeout: timeout * tries })
      const id = randomInt(65_536)
      const octets = await habits.tcp.use(signal ?? NEVER, (connection) => {
        connection.send(encodeRequest({ id, ...requestFor(question, habits.edns === 'yes', options) }))
        return connection.receive(signal)
      })
      const reply = octets.readUInt16BE(0) === id ? readReply(octets, question, server) : undefined
      if (!reply) throw new MailsyncError('unavailable', 'what came is no answer to the question')
      if (reply.message.truncated) throw new MailsyncError('unavailable', 'it is cut short there too')
      return reply.answer
    })

  return {
    ask: (server, question, options = {}) =>
      limit(async () => {
        if (isClosed) throw stopped()
        // Each question on its way listens to it, which Node takes for a leak.
        if (options.signal) setMaxListeners(0, options.signal)
        const { message, answer } = await overUdp(server, question, options)
        if (!message.truncated) return answer
        try {
          return await overTcp(server, question, options)
        } catch (error) {
          if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
          throw incomplete(server, question, error)
        }
      }),
    close: () => {
      isClosed = true
      sockets.close()
      for (const { tcp } of servers.values()) tcp?.close()
    },
  }
}

const NEVER = new AbortController().signal

function requestFor(
  { name, type }: Question,
  edns: boolean,
  { recursion = false, unchecked = false }: AskOptions,
): Omit<Request, 'id'> {
  return { opcode: OPCODE.QUERY, name, type: typeCode(type), recursion, unchecked, additional: edns ? [EDNS] : [] }
}

function hasEdns({ message }: DnsReply): boolean {
  return message.additional.some(({ type }) => type === OPT)
}

function refusesEdns(reply: DnsReply): boolean {
  return NO_EDNS.includes(reply.message.rcode)
}

function silent(server: ServerAddress, question: Question, why: string): MailsyncError {
  return new MailsyncError('timeout', `${serverText(server)} does not answer: ${why}`, {
    where: { record: keyOf(question) },
    hint: 'check that the server runs, and that no firewall between drops DNS over UDP',
  })
}

function unreachable(server: ServerAddress, cause: NodeJS.ErrnoException): MailsyncError {
  return new MailsyncError('unavailable', `${serverText(server)} cannot be reached: ${cause.code ?? cause.message}`, {
    ...(cause.code === undefined ? {} : { apiCode: cause.code }),
    hint: 'check the address and the port, and the route to it',
    cause,
  })
}

function incomplete(server: ServerAddress, question: Question, cause: MailsyncError): MailsyncError {
  return new MailsyncError(
    'unavailable',
    `${serverText(server)} does not give its whole answer: it is too large for UDP, and over TCP ${cause.message}`,
    {
      where: { record: keyOf(question) },
      hint: 'DNS needs TCP beside UDP (RFC 7766): open the port for it at the server and at firewalls between',
      apiCode: 'TC',
      cause,
    },
  )
}
