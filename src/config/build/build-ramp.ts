import { type RampPolicy, USUAL_RAMP } from '../../../records/families/dmarc/ramp/ramp-policy.js'
import type { SpecPath } from '../../../records/finding.js'
import type { Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'

/** How the policy of a domain becomes strict, with the defaults merged in; undefined where it is what it is at once. */
export function buildRamp(
  reading: Reading,
  raw: Exclude<RawDomain['dmarc'], false>,
  defaults: RawDefaults['dmarc'],
  dmarc: SpecPath,
): RampPolicy | undefined {
  const usual = defaults || undefined
  if ((raw?.ramp ?? usual?.ramp ?? false) === false) return undefined
  const { from = USUAL_RAMP.from, failing, ...rest } = { ...(usual?.ramp || undefined), ...(raw?.ramp || undefined) }
  const goal = raw?.policy ?? usual?.policy ?? 'none'
  // What the defaults say of all domains does not hold for one that wants no policy.
  if (goal === 'none' && raw?.policy === 'none' && !raw.ramp) return undefined
  const path = [...dmarc, ...(raw?.ramp ? ['ramp'] : [])]
  const report = (message: string, hint: string): undefined =>
    reading.report('dmarc-ramp', path, message, hint) as undefined
  if (goal === 'none')
    return report('a ramp leads to a policy, and the policy is none', 'write policy: reject beside it')
  if (goal === from) return report(`the policy is ${goal} from the beginning`, 'remove ramp, or its from')
  if (raw?.testing ?? usual?.testing)
    return report('testing weakens the policy, which the ramp does already', 'remove testing, or ramp')
  if ((raw?.rua ?? usual?.rua ?? []).length === 0)
    return report(
      'without rua no report comes, so no step is ever taken',
      'say where reports go: rua: [dmarc@example.com]',
    )
  return {
    goal,
    from,
    days: rest.days ?? USUAL_RAMP.days,
    failing: failing === undefined ? USUAL_RAMP.failing : Number(failing.slice(0, -1)),
    messages: rest.messages ?? USUAL_RAMP.messages,
  }
}
