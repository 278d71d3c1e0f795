import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { Readable } from 'node:stream'

/** Statuses whose replies have no body, and for which `Response` takes none. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * `fetch` that takes any certificate, which Node's own cannot be told to, over a connection of its own. As much of it as
 * {@link jsonClient} asks for: it follows no redirect.
 */
export const unverifiedFetch: typeof fetch = async (input, { method = 'GET', headers, body, signal } = {}) => {
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const sending = request(String(input), {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      agent: false,
      rejectUnauthorized: false,
      ...(signal ? { signal } : {}),
    })
    sending.on('response', resolve).on('error', reject).end(body)
  })
  const status = reply.statusCode ?? 0
  const text = EMPTY.has(status) ? null : (Readable.toWeb(reply) as ReadableStream<Uint8Array>)
  return new Response(text, { status, headers: new Headers(reply.headers as Record<string, string>) })
}
