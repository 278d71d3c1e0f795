import type { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { type Name, withoutDot } from '../../../../records/rr/name.js'
import { isOurs } from '../../is-ours.js'

/** What came of a request for an MTA-STS policy. */
export type PolicyReply =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly contentType: string
      readonly body: string
      /** What the web server shows. */
      readonly certificate: X509Certificate | undefined
    }
  | { readonly kind: 'certificate'; readonly why: string }
  | { readonly kind: 'unfinished'; readonly why: string }
  | {
      readonly kind: 'unreachable'
      readonly why: string
      /** Whether it is this network that does not lead to any of its addresses. */
      readonly isOurs: boolean
    }

/** Asks the web server of a policy host for the policy (RFC 8461 §3.3). No redirect is followed, as senders follow none. */
export type FetchPolicy = (host: Name, addresses: readonly string[], signal: AbortSignal) => Promise<PolicyReply>

export interface FetchOptions {
  /** PEM; default: those of Node. */
  readonly ca?: string
  /** Where to connect to, in place of an address and port 443. */
  readonly connect?: (address: string) => { readonly host: string; readonly port: number }
  /** Milliseconds for all of it: for every address, and the last octet. */
  readonly deadline?: number
}

/** Who waits for something to come is a person. */
const TIMEOUT_MS = 10_000
/** As long as senders are to wait (RFC 8461 §3.3). */
const DEADLINE_MS = 60_000
/** Octets that senders read at least (RFC 8461 §3.3). */
const MOST = 65_536
const PATH = '/.well-known/mta-sts.txt'

export function policyFetcher({
  ca,
  connect = (host) => ({ host, port: 443 }),
  deadline = DEADLINE_MS,
}: FetchOptions = {}): FetchPolicy {
  return async (host, addresses, signal) => {
    let lost: PolicyReply | undefined
    const end = performance.now() + deadline
    for (const address of addresses) {
      const left = Math.max(0, end - performance.now())
      const reply = await fetchFrom(withoutDot(host), connect(address), { ca, left, deadline, signal })
      if (reply.kind !== 'unreachable') return reply
      if (lost === undefined || !reply.isOurs) lost = reply
    }
    return lost ?? { kind: 'unreachable', why: 'it has no address', isOurs: false }
  }
}

interface FetchLimits {
  readonly ca: string | undefined
  /** Milliseconds that are left of the deadline. */
  readonly left: number
  readonly deadline: number
  readonly signal: AbortSignal
}

function fetchFrom(
  name: string,
  { host, port }: { readonly host: string; readonly port: number },
  { ca, left, deadline, signal }: FetchLimits,
): Promise<PolicyReply> {
  return new Promise<PolicyReply>((resolve) => {
    const sent = request({
      host,
      port,
      path: PATH,
      servername: name,
      headers: { host: name },
      agent: false,
      timeout: TIMEOUT_MS,
      signal,
      ...(ca === undefined ? {} : { ca }),
    })
    const last = setTimeout(() => {
      resolve({ kind: 'unfinished', why: `it is not done after ${deadline / 1000} s` })
      sent.destroy()
    }, left)
    sent.on('close', () => clearTimeout(last))
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)))
    sent.on('error', (error: NodeJS.ErrnoException) =>
      isOfCertificate(error)
        ? resolve({ kind: 'certificate', why: error.message })
        : resolve({ kind: 'unreachable', why: error.code ?? error.message, isOurs: isOurs(error) }),
    )
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      const certificate = (response.socket as TLSSocket).getPeerX509Certificate()
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        chunks.push(chunk)
        if (length > MOST) sent.destroy()
      })
      response.on('close', () => {
        if (!response.complete && length <= MOST)
          return resolve({ kind: 'unfinished', why: 'the connection ends before' })
        resolve({
          kind: 'answer',
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString(),
          certificate,
        })
      })
    })
    sent.end()
  })
}

/** Node's codes for what is wrong with a certificate: OpenSSL's, and its own for a name that does not fit. */
function isOfCertificate({ code = '' }: NodeJS.ErrnoException): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT/.test(code)
}
