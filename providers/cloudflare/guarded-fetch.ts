import { type Attempt, attemptOf, rootCode } from '../http/attempts.js'
import { wholeBody } from '../http/reply.js'
import { type Patience, retryAfterSeconds } from '../http/waiting.js'

/**
 * `fetch` for the SDK, bounded: the reply is whole, and within the SDK's time-out, before it is handed on; it is at most
 * REPLY_LIMIT octets; no redirect is followed, which would carry the token elsewhere; the SDK does not wait for longer than
 * the patience of the run.
 */
export function guardedFetch(waiting: Patience, attempts: Attempt[] = []): typeof fetch {
  return async (input, init) => {
    try {
      const reply = await fetch(input, { ...init, redirect: 'manual' })
      const body = reply.body === null ? null : await wholeBody(reply.body, 'Cloudflare')
      attempts.push(attemptOf(reply.status))
      const headers = new Headers(reply.headers)
      // The body is no longer encoded.
      headers.delete('content-encoding')
      headers.delete('content-length')
      if (!reply.ok && !waiting.waits(waitOf(reply.headers))) headers.set('x-should-retry', 'false')
      return new Response(body, { status: reply.status, headers })
    } catch (error) {
      attempts.push(attemptOf(undefined, rootCode(error)))
      throw error
    }
  }
}

/** Seconds; the SDK prefers its own header in milliseconds. */
function waitOf(headers: Headers): number {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  return Number.isNaN(milliseconds) || milliseconds === 0
    ? (retryAfterSeconds(headers.get('retry-after')) ?? 0)
    : milliseconds / 1000
}
