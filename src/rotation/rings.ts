import { nameOfKey } from '../../records/families/dkim/dkim-key.js'
import { type NextSteps, nextSteps } from '../../records/families/dkim/rotation/next-steps.js'
import type { KeySight, RingKey } from '../../records/families/dkim/rotation/ring-key.js'
import { groupBy } from '../../records/group.js'
import type { Name } from '../../records/rr/name.js'
import type { DkimSpec } from '../../records/spec.js'
import type { Session } from '../session.js'
import type { Sights } from './observe-keys.js'

/** The keys of one domain that signs, what servers show of them, and what is to be done. */
export interface Ring {
  readonly domain: Name
  readonly dkim: DkimSpec
  readonly keys: readonly RingKey[]
  readonly sightOf: (selector: string) => KeySight
  readonly next: NextSteps
}

/** Whether what servers show of a key decides anything. */
export function isWatched({ state }: RingKey, { rotation }: Pick<DkimSpec, 'rotation'>): boolean {
  return state !== 'gone' || rotation.reveal
}

/** The domains of a spec that sign with keys of their own. @param only of these; empty: all */
export function signingDomains(
  { compiled }: Pick<Session, 'compiled'>,
  only: readonly Name[] = [],
): Map<Name, DkimSpec> {
  return new Map(
    compiled.input.domains.flatMap(({ name, dkim }) =>
      dkim !== false && (only.length === 0 || only.includes(name)) ? [[name, dkim] as const] : [],
    ),
  )
}

/** The rings of some domains at `now` (seconds since 1970). */
export function ringsOf(
  keys: readonly RingKey[],
  domains: ReadonlyMap<Name, DkimSpec>,
  sights: Sights,
  now: number,
): Ring[] {
  const keysOf = groupBy(keys, ({ domain }) => domain)
  return [...domains].map(([domain, dkim]): Ring => {
    const own = keysOf.get(domain) ?? []
    const sightOf = (selector: string): KeySight => sights.get(nameOfKey({ selector, domain })) ?? UNSEEN
    const next = nextSteps({ keys: own, algorithms: dkim.algorithms, policy: dkim.rotation, now, sightOf })
    return { domain, dkim, keys: own, sightOf, next }
  })
}

/** Of what nobody looked at. */
const UNSEEN: KeySight = { servers: [], missing: [], ttl: 0 }
