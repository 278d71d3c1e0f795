/** What goes wrong with one call, whatever the API; `…-after` faults come when the call has done its work. */
export type HttpFault =
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

export const JSON_TYPE = { 'content-type': 'application/json' }
/** The SDK of Cloudflare waits half a second and more without it. */
const AT_ONCE = { 'retry-after-ms': '1' }

export function isAfter(fault: HttpFault): boolean {
  if (typeof fault === 'string') return fault === 'half-reply' || fault.endsWith('-after')
  return fault.when === 'after'
}

export function faultyReply(fault: HttpFault): FaultyReply {
  if (typeof fault !== 'string') return fault
  if (fault === 'refused-connection') return { error: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }
  if (fault.startsWith('cut')) return { error: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }
  if (fault.startsWith('timeout'))
    return { error: Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' }) }
  if (fault === 'half-reply') return { status: 200, body: '{"success":true,"resu', headers: JSON_TYPE }
  if (fault === 'not-json')
    return { status: 200, body: '<html>Please sign in</html>', headers: { 'content-type': 'text/html' } }
  if (fault.startsWith('503')) return { status: 503, body: '<html>unavailable</html>', headers: AT_ONCE }
  return undefined
}
