import { displayName } from '../../../../records/rr/name.js'
import { KEPT_DAYS, type LookedUp, type MovedLink, type RefreshedLock } from '../../../spf/refresh-lock.js'
import { inert } from '../../inert.js'

/** What changed in the meaning of the includes under `flatten`, include by include, and the records it comes and goes with. */
export function renderSpfRefresh({ found, moved }: Pick<RefreshedLock, 'found' | 'moved'>): string {
  const lines = [...found.flatMap(linesOf), ...moved.map(({ name, kind }) => `${displayName(name)}  ${BECOMES[kind]}`)]
  return lines.map((line) => `${line}\n`).join('')
}

const BECOMES: Record<MovedLink['kind'], string> = {
  included: 'is included from now on',
  retired: `is no longer included, and stands for ${KEPT_DAYS} days more, as resolvers may know it as included`,
  gone: 'is no longer needed',
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
