import { nameOfKey } from '../../records/families/dkim/dkim-key.js'
import { type NextSteps, nextSteps } from '../../records/families/dkim/rotation/next-steps.js'
import type { RingKey } from '../../records/families/dkim/rotation/ring-key.js'
import type { KeySight } from '../../records/families/key-sight.js'
import { groupBy } from '../../records/group.js'
import type { Name } from '../../records/rr/name.js'
import type { DkimSpec } from '../../records/spec.js'
import type { Session } from '../session.js'
import type { Sights } from './observe-keys.js'

/** A domain that signs with keys of its own. */
export interface SigningDomain {
  readonly dkim: DkimSpec
  /** Selectors of keys that others hold. */
  readonly held: readonly string[]
}

/** The keys of one such domain, what servers show of them, and what is to be done. */
export interface Ring extends SigningDomain {
  readonly domain: Name
  readonly keys: readonly RingKey[]
  readonly sightOf: (selector: string) => KeySight
  readonly next: NextSteps
}

/** Whether what servers show of a key decides anything. */
export function isWatched({ state }: RingKey, { rotation }: Pick<DkimSpec, 'rotation'>): boolean {
  return state !== 'gone' || rotation.reveal
}

/** The domains of a spec that sign with keys of their own */
export function signingDomains({ compiled }: Pick<Session, 'compiled'>): Map<Name, SigningDomain> {
  return new Map(
    compiled.input.domains.flatMap(({ name, dkim, heldKeys }) =>
      dkim === false ? [] : [[name, { dkim, held: heldKeys.map(({ selector }) => selector) }] as const],
    ),
  )
}

/** The rings of some domains at `now` (seconds since 1970). */
export function ringsOf(
  keys: readonly RingKey[],
  domains: ReadonlyMap<Name, SigningDomain>,
  sights: Sights,
  now: number,
): Ring[] {
  const keysOf = groupBy(keys, ({ domain }) => domain)
  return [...domains].map(([domain, { dkim, held }]): Ring => {
    const own = keysOf.get(domain) ?? []
    const sightOf = (selector: string): KeySight => sights.get(nameOfKey({ selector, domain })) ?? UNSEEN
    const next = nextSteps({ keys: own, algorithms: dkim.algorithms, policy: dkim.rotation, now, sightOf })
    return { domain, dkim, held, keys: own, sightOf, next }
  })
}

/** Of what nobody looked at. */
const UNSEEN: KeySight = { servers: [], missing: [], ttl: 0 }
