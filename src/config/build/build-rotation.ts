import { parseDuration } from '../../../records/duration.js'
import { type RotationPolicy, USUAL_EVERY, USUAL_POLICY } from '../../../records/families/dkim/rotation/policy.js'
import type { RawDefaults } from '../schema.js'

type RawRotate = Exclude<RawDefaults['dkim'], undefined | false>['rotate']

/** When keys turn. Where nothing is said of it, only when somebody says so; what is over is cleared away all the same. */
export function buildRotation(defaults: RawRotate, raw: RawRotate): RotationPolicy {
  if (defaults === undefined && raw === undefined) return USUAL_POLICY
  const { every, publish_ahead, drain, revoke_for, reveal } = { ...defaults, ...raw }
  const seconds = (text: string | undefined, usual: number): number =>
    (text === undefined ? undefined : parseDuration(text)) ?? usual
  return {
    every: seconds(every, USUAL_EVERY),
    publishAhead: seconds(publish_ahead, USUAL_POLICY.publishAhead),
    drain: seconds(drain, USUAL_POLICY.drain),
    revokeFor: seconds(revoke_for, USUAL_POLICY.revokeFor),
    reveal: reveal ?? USUAL_POLICY.reveal,
  }
}
