/** What a reply tells of one window: the calls that are left in it to whoever asked. */
export interface LimitsSeen {
  /** Calls that may still begin before `until`. */
  readonly left: number
  /** Milliseconds since 1970. */
  readonly until: number
  /** Calls of a whole window, where the reply says it. */
  readonly limit?: number
  /** Seconds of a whole window, where the reply says it. */
  readonly window?: number
}

/** Characters; no API has so many windows. */
const LONGEST_HEADER = 2_000
/** Seconds, more than any window has. A reset that is larger is a time (since 1970); one that is not, is a number of seconds from now. */
const LONGEST_DELAY = 366 * 86_400

/**
 * Reads the headers in which HTTP APIs tell of their rate limit: a window each, as a call has to fit into all of them; none
 * where a reply has none.
 *
 * - `RateLimit: "default";r=50;t=30` with `RateLimit-Policy: "default";q=1200;w=300`
 *   (draft-ietf-httpapi-ratelimit-headers-10; Cloudflare since 2025-09)
 * - `RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset` (drafts 00 to 06 in seconds from now; DigitalOcean and
 *   Hetzner as a time), with or without `X-` in front (Linode), all read 2026-11
 *
 * @param now milliseconds since 1970
 */
export function readLimits(headers: Headers, now: number): LimitsSeen[] {
  const items = readItems(headers, now)
  const windows = items.length > 0 ? items : readNumbers(headers, now)
  return windows.filter(({ until }) => until - now <= LONGEST_DELAY * 1000)
}

function readItems(headers: Headers, now: number): LimitsSeen[] {
  const policies = new Map(itemsOf(headers.get('ratelimit-policy')).map((item) => [item.name, item.numbers]))
  return itemsOf(headers.get('ratelimit')).flatMap(({ name, numbers }): LimitsSeen[] => {
    const [left, seconds] = [numbers.get('r'), numbers.get('t')]
    if (left === undefined || seconds === undefined) return []
    const policy = policies.get(name)
    return [{ left, until: now + seconds * 1000, ...sizes(policy?.get('q'), policy?.get('w')) }]
  })
}

interface Item {
  readonly name: string
  readonly numbers: ReadonlyMap<string, number>
}

/** Items of a list, each with its parameters that are whole numbers (RFC 9651 §3.1); what is none of that is left out. */
function itemsOf(header: string | null): Item[] {
  const isReadable = header !== null && header.length <= LONGEST_HEADER
  const items = isReadable ? (header.match(/"[^"]*"(?:\s*;\s*[a-z*][\w.*-]*(?:=(?:"[^"]*"|[^\s;,"]+))?)*/g) ?? []) : []
  return items.map((item) => {
    const [, name = '', parameters = ''] = /^"([^"]*)"(.*)$/s.exec(item) ?? []
    const numbers = [...parameters.matchAll(/;\s*([a-z]+)=(\d{1,15})(?=\s*(?:;|$))/g)]
    return { name, numbers: new Map(numbers.map(([, key = '', value]) => [key, Number(value)])) }
  })
}

function readNumbers(headers: Headers, now: number): LimitsSeen[] {
  const of = (name: string): number | undefined => {
    const text = (headers.get(`ratelimit-${name}`) ?? headers.get(`x-ratelimit-${name}`) ?? '').trim()
    // Some drafts have the windows behind the number: `100, 100;w=10`.
    const [, number] = /^(\d{1,15})(?:\s*[,;].*)?$/.exec(text) ?? []
    return number === undefined ? undefined : Number(number)
  }
  const [left, reset] = [of('remaining'), of('reset')]
  if (left === undefined || reset === undefined) return []
  return [{ left, until: reset > LONGEST_DELAY ? reset * 1000 : now + reset * 1000, ...sizes(of('limit')) }]
}

function sizes(limit: number | undefined, window?: number): Pick<LimitsSeen, 'limit' | 'window'> {
  return { ...(limit ? { limit } : {}), ...(window ? { window } : {}) }
}
