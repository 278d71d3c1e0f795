import { type Calls, outcomeOf } from '../calls/calls.js'
import { type Attempt, attemptOf, rootCode } from '../http/attempts.js'
import { exchange, type WholeReply } from '../http/exchange.js'
import { retryAfterSeconds } from '../http/waiting.js'

/**
 * `fetch` for the SDK, bounded: the reply is whole, and within the SDK's time-out, before it is handed on; it is at most
 * REPLY_LIMIT octets; no redirect is followed, which would carry the token elsewhere; the SDK does not wait for longer than
 * the patience of the run. Each attempt is told of.
 */
export function guardedFetch(calls: Calls, attempts: Attempt[] = []): typeof fetch {
  return async (input, { method = 'GET', headers: given, body: text, signal } = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const sent = given instanceof Headers ? given : new Headers(given)
    const told = telling(calls, `${method} ${url.pathname}`, sent)
    try {
      const outgoing = { method, headers: sent, body: text as string | undefined, signal: signal ?? undefined }
      const { status, headers, body } = await exchange(url, outgoing, 'Cloudflare')
      attempts.push(attemptOf(status))
      told({ status, headers })
      // The body is no longer encoded.
      headers.delete('content-encoding')
      headers.delete('content-length')
      if (status >= 300 && !calls.waits(waitOf(headers), status === 429)) headers.set('x-should-retry', 'false')
      return responseOf({ status, headers, body })
    } catch (error) {
      attempts.push(attemptOf(undefined, rootCode(error)))
      told()
      throw error
    }
  }
}

/** A response that is here already: for `Response` to make a stream of it and to read that takes as long as half of the SDK. */
function responseOf({ status, headers, body }: WholeReply): Response {
  const text = async (): Promise<string> => new TextDecoder().decode(body)
  return Object.assign(new Response(null, { status, headers }), { text, json: async () => JSON.parse(await text()) })
}

/** Takes the reply of an attempt that begins now, and tells of it; the SDK says in a header how often it has tried before. */
function telling(
  calls: Calls,
  what: string,
  sent: Headers,
): (reply?: { readonly status: number; readonly headers: Headers }) => void {
  const start = performance.now()
  const repeated = Number(sent.get('x-stainless-retry-count') ?? 0)
  return (reply) =>
    calls.ended(
      {
        what,
        outcome: outcomeOf(reply?.status),
        ...(reply && { status: reply.status }),
        attempt: 1 + repeated,
        seconds: (performance.now() - start) / 1000,
      },
      reply ? { headers: reply.headers } : {},
    )
}

/** Seconds; the SDK prefers its own header in milliseconds. */
function waitOf(headers: Headers): number {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  return Number.isNaN(milliseconds) || milliseconds === 0
    ? (retryAfterSeconds(headers.get('retry-after')) ?? 0)
    : milliseconds / 1000
}
