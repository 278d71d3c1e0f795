import { type ApiError, refusal } from './cloudflare-rules.js'

/** What goes wrong with one call; `…-after` faults come when the call has done its work. */
export type Fault =
  | 'refused-connection'
  | 'cut-before'
  | 'cut-after'
  | 'half-reply'
  | 'not-json'
  | 'timeout-before'
  | 'timeout-after'
  | 'silence'
  | '503-before'
  | '503-after'
  | 'rate-limited'
  | ApiError
  | ForeignReply

/** What something in between answers: a captive portal, a proxy, another API. */
export interface ForeignReply {
  readonly when: 'before' | 'after'
  readonly status: number
  readonly body: string | object
  readonly headers?: Readonly<Record<string, string>>
}

/** What a faulty call sends back; nothing at all if there is silence. */
export type FaultyReply =
  | { readonly error: NodeJS.ErrnoException }
  | { readonly status: number; readonly body: string | object; readonly headers?: Readonly<Record<string, string>> }
  | undefined

export function isAfter(fault: Fault): boolean {
  if (typeof fault === 'string') return fault === 'half-reply' || fault.endsWith('-after')
  return 'when' in fault && fault.when === 'after'
}

/** @param retryAfter seconds */
export function faultyReply(fault: Fault, retryAfter: number): FaultyReply {
  if (typeof fault !== 'string') return 'when' in fault ? fault : errorReply(fault)
  if (fault === 'refused-connection') return { error: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }
  if (fault.startsWith('cut')) return { error: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }
  if (fault.startsWith('timeout'))
    return { error: Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' }) }
  if (fault === 'half-reply') return { status: 200, body: '{"success":true,"resu', headers: JSON_TYPE }
  if (fault === 'not-json')
    return { status: 200, body: '<html>Please sign in</html>', headers: { 'content-type': 'text/html' } }
  if (fault.startsWith('503')) return { status: 503, body: '<html>unavailable</html>', headers: AT_ONCE }
  if (fault === 'rate-limited')
    return errorReply(refusal(971, 'Please wait and consider throttling your request speed.', 429), {
      'retry-after': String(retryAfter),
    })
  return undefined
}

const JSON_TYPE = { 'content-type': 'application/json' }
/** The SDK waits half a second and more without it. */
const AT_ONCE = { 'retry-after-ms': '1' }

export function errorReply(
  { status, code, message, source }: ApiError,
  headers: Readonly<Record<string, string>> = {},
): Exclude<FaultyReply, undefined> {
  const error = source === undefined ? { code, message } : { code, message, source }
  const body = { success: false, errors: [error], messages: [], result: null }
  return { status, body, headers: { ...JSON_TYPE, ...headers } }
}
