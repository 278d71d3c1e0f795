import { displayName } from '../../../records/rr/name.js'
import type { LookedUp } from '../../spf/refresh-lock.js'
import { inert } from '../inert.js'

/** What changed in the meaning of the includes under `flatten`, include by include. */
export function renderSpfRefresh(found: readonly LookedUp[]): string {
  return found
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join('')
}

function linesOf({ name, before, flat }: LookedUp): string[] {
  const title = displayName(name)
  if ('fault' in flat)
    return [`${title}  cannot be flattened: ${inert(flat.fault)}${before ? '; it stays as it was' : ''}`]
  const [old, now] = [before, flat].map((one) => (one ? [...one.networks, ...one.terms] : []))
  const lines = [
    ...(now ?? []).filter((term) => !old?.includes(term)).map((term) => `  + ${inert(term)}`),
    ...(old ?? []).filter((term) => !now?.includes(term)).map((term) => `  - ${inert(term)}`),
  ]
  return [`${title}  ${lines.length === 0 ? 'unchanged' : 'changed'}`, ...lines]
}
