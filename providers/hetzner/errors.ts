import { MailsyncError } from '../../records/error.js'
import { type Explain, type Problem, refusalBehind } from '../http/failures.js'

const TOKENS = 'in the Hetzner Console, project > Security > API tokens'

/** Codes that say to ask again in a moment: another action runs on the zone, or it changed during the request (2026-11). */
const BUSY: ReadonlySet<string> = new Set(['locked', 'conflict'])

export function isBusy({ code }: Problem): boolean {
  return BUSY.has(code)
}

/** Whether a failure says no more than that. */
export function isBusyFailure(failure: MailsyncError): boolean {
  const refusal = refusalBehind(failure)
  return refusal !== undefined && (refusal.status === 429 || isBusy(refusal.problem))
}

/** What to do about the codes a change can be refused with (docs.hetzner.cloud/reference/cloud#errors, read 2026-11). */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['uniqueness_error', 'it stands there already; plan again to see it'],
  ['protected', 'take the protection of this RRset away in the Hetzner Console'],
  ['resource_limit_exceeded', 'the zone or project holds as much as it may; ask Hetzner for a higher limit'],
  ['deprecated_api_endpoint', 'look for a newer mailsync'],
])

/** What the API's refusals mean. */
export const explain: Explain = ({ status, problem: { code }, headers }, { doing, method }) => {
  if (code === 'unauthorized')
    return {
      kind: 'authentication',
      what: 'Hetzner does not accept the API token',
      hint: `it is wrong or was deleted; make one ${TOKENS}. Tokens of the old DNS Console are of no use any more`,
    }
  if (code === 'token_readonly')
    return {
      kind: 'permission',
      what: `the API token may only read, not ${doing}`,
      hint: `make one with Read & Write ${TOKENS}`,
    }
  if (code === 'rate_limit_exceeded' || status === 429)
    return {
      kind: 'rate-limited',
      what: 'the rate limit of the Hetzner project is reached',
      hint: rateLimitHint(headers),
    }
  if (code === 'incorrect_zone_mode')
    return { kind: 'rejected', what: `a secondary zone does not let anybody ${doing}`, hint: SECONDARY_HINT }
  if (BUSY.has(code))
    return {
      kind: 'unavailable',
      what: `Hetzner is busy with another change and did not ${doing}`,
      hint: 'try again in a minute',
    }
  if (code === 'not_found' && method === 'GET')
    return {
      kind: 'zone-not-found',
      what: `Hetzner found nothing when asked to ${doing}`,
      hint: 'it was there when it was looked up; look into the Hetzner Console',
    }
  const hint = HINTS.get(code)
  if (hint === undefined) return undefined
  return { kind: 'rejected', what: `Hetzner refused to ${doing}`, hint }
}

const SECONDARY_HINT =
  'Hetzner copies its records from primary name servers; make the provider of those the target of the zone'

/** The API neither lists nor changes the RRsets of such a zone (422 incorrect_zone_mode, 2026-11). */
export function secondaryZone(): MailsyncError {
  return new MailsyncError(
    'rejected',
    'it is a secondary zone at Hetzner, whose records the API neither shows nor changes',
    {
      hint: SECONDARY_HINT,
    },
  )
}

/** `RateLimit-Reset` is the second, since 1970, when the whole limit is there again (2026-11). */
function rateLimitHint(headers: Headers): string {
  const [limit, reset] = ['ratelimit-limit', 'ratelimit-reset'].map((name) => Number(headers.get(name) ?? Number.NaN))
  const minutes = Math.ceil(((reset as number) - Date.now() / 1000) / 60)
  const whole = minutes > 0 && minutes < 1e4 ? `; all of it is there again in ${minutes} minutes` : ''
  return `a project has ${(limit as number) > 0 ? limit : 3600} requests an hour, over all its tokens${whole}`
}
