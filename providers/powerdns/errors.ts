import type { Explain, Problem } from '../http/failures.js'
import type { ErrorReply } from '../http/json-api.js'

/** What the adapter asks of the API, in words. */
export const DOING = {
  version: 'say its version',
  zones: 'list its zones',
  listing: 'list the zone',
  patch: 'change the zone',
} as const

/** What the API says of an error: JSON, or before 4.9 plain text, such as `Not Found` (4.7.3 and 5.1.5, verified 2026-11). */
export function problemIn(body: unknown, { status, headers, text }: ErrorReply): Problem | undefined {
  const said = (body as { readonly error?: unknown } | null | undefined)?.error
  if (typeof said === 'string') return { code: String(status), message: said }
  if (body !== undefined || text === '' || !headers.get('content-type')?.startsWith('text/plain')) return undefined
  return { code: String(status), message: text.trim() }
}

/** What a refusal means, and what to do about it. */
export function explainWith(who: string, serverId: string): Explain {
  return ({ status, problem }, { doing }) => {
    const isZoneUnknown = status === 404 || (status === 422 && /^could not find (?:domain|zone)/i.test(problem.message))
    if (status >= 500 || (status === 422 && doing === DOING.listing && !isZoneUnknown))
      return {
        kind: 'unavailable',
        what: `${who} failed when asked to ${doing}`,
        hint: 'see its log; one record that PowerDNS cannot read stops the whole listing, and `pdnsutil check-zone` names it',
      }
    if (status === 401)
      return {
        kind: 'authentication',
        what: `${who} does not accept the API key`,
        hint: 'api_key must be `api-key` of its pdns.conf, as it was when PowerDNS was started',
      }
    if (status === 403)
      return {
        kind: 'permission',
        what: `${who} forbids to ${doing}`,
        hint: 'look at a proxy in front of it, and at `webserver-allow-from` of its pdns.conf',
      }
    if (isZoneUnknown && (doing === DOING.listing || doing === DOING.patch))
      return {
        kind: 'zone-not-found',
        what: `${who} does not serve this zone`,
        hint: 'check its name; `pdnsutil list-all-zones` names those there are',
      }
    if (status === 404)
      return {
        kind: 'unavailable',
        what: `${who} has no API for the server ${JSON.stringify(serverId)}`,
        hint: 'pdns.conf needs `api=yes` beside `webserver=yes`; server_id is `localhost`, unless a proxy in front of PowerDNS names it otherwise',
      }
    return undefined
  }
}
