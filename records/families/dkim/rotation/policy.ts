/** When keys turn; all times in seconds. */
export interface RotationPolicy {
  /** How long a key signs; absent: until somebody says otherwise, and nothing turns by itself. */
  readonly every?: number
  /** How long a key is in DNS before it signs. */
  readonly publishAhead: number
  /** How long a key stays in DNS after it signed, for mail that is still on its way. */
  readonly drain: number
  /** How long an empty `p=` stays in DNS. */
  readonly revokeFor: number
  /** Whether the private half is published in the end, so that a signature proves nothing any more. */
  readonly reveal: boolean
}

const DAY = 86_400

/** M3AAWG asks for a new key every six months at least; a queue gives up after five days (RFC 5321 §4.5.4.1). */
export const USUAL_EVERY: number = 180 * DAY
export const USUAL_POLICY: RotationPolicy = {
  publishAhead: 2 * DAY,
  drain: 7 * DAY,
  revokeFor: 30 * DAY,
  reveal: false,
}

/** Seconds for which senders keep mail at least before they give up (RFC 5321 §4.5.4.1). */
export const QUEUE_TIME: number = 5 * DAY
