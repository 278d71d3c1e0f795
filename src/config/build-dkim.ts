import { parseDuration } from '../../records/duration.js'
import { type RotationPolicy, USUAL_EVERY, USUAL_POLICY } from '../../records/families/dkim/rotation/policy.js'
import type { SpecPath } from '../../records/finding.js'
import type { DkimSpec } from '../../records/spec.js'
import type { RawDefaults, RawDomain } from './schema.js'

type RawDkim = Exclude<RawDefaults['dkim'], undefined | false>

/** How a domain signs: its own words, then those of the defaults. @param recipients of all keys, unless it has its own */
export function buildDkim(
  raw: RawDomain['dkim'],
  defaults: RawDefaults['dkim'],
  recipients: readonly string[],
  from: SpecPath,
): DkimSpec | false {
  if (raw === false || (raw === undefined && defaults === false)) return false
  const usual = defaults === false ? undefined : defaults
  const merged = { ...usual, ...raw }
  return {
    algorithms: [...new Set(merged.algorithms ?? (['rsa-2048', 'ed25519'] as const))],
    selector: merged.selector ?? 's%Y%m',
    rotation: policyOf(usual?.rotate, raw?.rotate),
    recipients: merged.recipients ?? recipients,
    explicit: raw !== undefined,
    from,
  }
}

/** Where nothing is said of rotation, keys turn only when somebody says so; what is over is cleared away all the same. */
function policyOf(defaults: RawDkim['rotate'], raw: RawDkim['rotate']): RotationPolicy {
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
