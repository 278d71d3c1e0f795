import type { Readable } from 'node:stream'
import { MailsyncError } from '../../records/error.js'
import { type Calls, callsOf, outcomeOf } from '../calls/calls.js'
import { requireSecure } from '../http/credentials.js'
import { wholeBody } from '../http/reply.js'
import { retryAfterSeconds } from '../http/waiting.js'
import { LastReply, NotAws } from './errors.js'

/** Milliseconds until a reply is whole, and until the next octet of it. */
export const REPLY_TIME = 60_000

/** An HTTP message as the SDK has it on its way, before it is read. */
interface HttpRequest {
  readonly protocol: string
  readonly hostname: string
  readonly headers: Readonly<Record<string, string>>
}
interface HttpReply {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  body: Readable | Uint8Array | undefined
}

/** As much of any client of the SDK as is needed here; each has types of its own. */
interface AwsClient {
  readonly middlewareStack: { add(middleware: Middleware, options: object): void }
}
type Send = (args: { readonly request: unknown; readonly input: object }) => Promise<Sent>
type Middleware = (next: Send, context: { readonly commandName?: string }) => Send
interface Sent {
  readonly response: unknown
  readonly output: object
}

/**
 * Lets through to the SDK what AWS itself answers, and nothing else: a request goes over TLS, or not off this machine;
 * a reply comes whole, in time, and within what a reply can be; it has the root element of the call's own reply (API
 * references of Route 53 2013-04-01 and EC2 2016-11-15, read 2026-11), or of an error; and no reply makes the run wait for longer than its patience.
 * Each attempt is told of.
 */
export function guardReplies(client: AwsClient, service: string, time: number, calls: Calls = callsOf(service)): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const { protocol, hostname, headers: sent } = args.request as HttpRequest
        requireSecure(new URL(`${protocol}//${hostname}`), `the endpoint of ${service}`)
        const start = performance.now()
        const told = (status?: number): void =>
          calls.ended({
            what: String(commandName).replace(/Command$/, ''),
            outcome: outcomeOf(status),
            ...(status === undefined ? {} : { status }),
            attempt: attemptIn(sent),
            seconds: (performance.now() - start) / 1000,
          })
        const result = await next(args).catch((error: unknown) => {
          told((error as { readonly $response?: HttpReply }).$response?.statusCode)
          throw isTimeout(error) && !calls.waits(time / 1000) ? new LastReply(silent(service), undefined) : error
        })
        const reply = result.response as HttpReply
        const { statusCode, headers } = reply
        const wait = statusCode < 400 ? 0 : (retryAfterSeconds(headers['retry-after']) ?? 0)
        const body = await bodyOf(reply, service, time).finally(() => told(statusCode))
        if (!isOwn(String(commandName).replace(/Command$/, 'Response'), statusCode, body)) throw new NotAws(statusCode)
        if (!calls.waits(wait)) throw new LastReply(tooLong(service, statusCode, wait), statusCode)
        reply.body = body
        return result
      },
    { step: 'deserialize', priority: 'low', name: 'mailsyncReplies' },
  )
}

/** Which attempt of its call a request is, as the SDK says it there: `attempt=2; max=10`. */
function attemptIn(headers: HttpRequest['headers']): number {
  return Number(/attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1)
}

async function bodyOf({ body }: HttpReply, service: string, time: number): Promise<Buffer> {
  if (body === undefined || body instanceof Uint8Array) return Buffer.from(body ?? [])
  const timer = setTimeout(() => body.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })), time)
  try {
    return await wholeBody(body, service)
  } finally {
    clearTimeout(timer)
  }
}

/** Every error of the API is XML of its own, and none is a page. */
function isOwn(response: string, status: number, body: Buffer): boolean {
  const head = body.subarray(0, 1000).toString('latin1')
  const root = /^\s*(?:<\?xml[^>]*\?>\s*)?<(\w+)[\s>]/.exec(head)?.[1]
  return status < 300 ? root === response : status >= 400 && root !== undefined && root.toLowerCase() !== 'html'
}

function isTimeout(error: unknown): boolean {
  const { name, code } = error as NodeJS.ErrnoException
  return name === 'TimeoutError' || code === 'ETIMEDOUT'
}

function silent(service: string): MailsyncError {
  return new MailsyncError('timeout', `${service} did not answer in time, again and again`, {
    hint: 'run the same command again later',
  })
}

function tooLong(service: string, status: number, seconds: number): MailsyncError {
  const code = status >= 500 ? 'unavailable' : 'rate-limited'
  return new MailsyncError(code, `${service} asks to wait ${seconds} s (HTTP ${status})`, {
    hint: 'mailsync does not wait for so long; run the same command again then',
  })
}
