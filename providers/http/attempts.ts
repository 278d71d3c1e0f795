import type { ErrorCode, MailsyncError } from '../../records/error.js'
import type { Sent } from '../write-batches.js'

/**
 * What one attempt at a call came to: `unsent`, it never left this machine; `refused`, a 4xx; `over`, a whole reply that
 * something failed: maybe it was done, but nothing more will happen; `open`, none came, or one of a gateway that gave up
 * waiting, and the API may be working still.
 */
export type Attempt = 'unsent' | 'refused' | 'over' | 'open'

/** Statuses of proxies, Cloudflare's own among them, that no longer wait for what is behind them. */
const GIVEN_UP: ReadonlySet<number> = new Set([408, 504, 522, 524])
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** By the status of its whole reply, or, where none came, by the system's own code. */
export function attemptOf(status: number | undefined, code = ''): Attempt {
  if (status === undefined) return NEVER_SENT.has(code) ? 'unsent' : 'open'
  if (status < 400 || GIVEN_UP.has(status)) return 'open'
  return status < 500 ? 'refused' : 'over'
}

/** Whether one of some attempts may have been done, or may still be; undefined where all were refused or never sent. */
function doubtAfter(attempts: readonly Attempt[]): 'open' | 'over' | undefined {
  return (['open', 'over'] as const).find((kind) => attempts.includes(kind))
}

/**
 * What became of a batch that failed. An SDK repeats one whose reply was lost and then meets its own work, so a refusal is
 * the last word only where each earlier attempt had an answer.
 *
 * @param isAboutZone whether the reason of a refusal may be what the zone holds
 */
export function sentOf(
  failure: MailsyncError,
  attempts: readonly Attempt[],
  { isRefused, isAboutZone }: { readonly isRefused: boolean; readonly isAboutZone: boolean },
): Sent {
  const earlier = doubtAfter(attempts.slice(0, -1))
  if (isRefused && (earlier || isAboutZone)) return { kind: 'refused', failure, earlier }
  if (isRefused || attempts.every((attempt) => attempt === 'unsent')) return { kind: 'unsent', failure }
  return { kind: 'lost', failure, over: !attempts.includes('open') }
}

/** Codes of refusals that have nothing to do with what the zone holds. */
const NOT_THE_ZONE: ReadonlySet<ErrorCode> = new Set([
  'authentication',
  'permission',
  'rate-limited',
  'zone-not-found',
  'forward-missing',
])

/** Whether the reason of a refusal may be what the zone holds. */
export function isAboutZone(code: ErrorCode): boolean {
  return !NOT_THE_ZONE.has(code)
}

/** The system's own code at the bottom of an error; empty where there is none. */
export function rootCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : rootCode(error.cause)
}
