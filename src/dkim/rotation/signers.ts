import { leadsTo } from '../../../records/families/dkim/led-domain.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import type { Session } from '../../session.js'

/** What a signature of a domain has as `d=` and `s=`, and the key it is made with, whose own `domain` says where it lies. */
export interface Signer {
  readonly domain: Name
  readonly selector: string
  readonly key: RingKey
}

/**
 * The keys that sign the mail of each domain now, or are in another state: those of its own name, and those of its `dkim.zone`,
 * which many domains may share, once `dkim rotate` has seen its selectors lead there. A domain that signs with keys of ours and
 * has none in that state is there too, with an empty list.
 */
export function signersOf(
  { compiled, keys }: Pick<Session, 'compiled' | 'keys'>,
  wanted: RingKey['state'] = 'signing',
): ReadonlyMap<Name, readonly Signer[]> {
  const signing = groupBy(
    keys.filter(({ state }) => state === wanted),
    ({ domain }) => domain,
  )
  return new Map(
    compiled.input.domains.flatMap(({ name, dkim }) => {
      if (dkim === false) return []
      const shared = dkim.zone === undefined ? [] : (signing.get(dkim.zone.name) ?? [])
      const led = shared.filter((key) => leadsTo(key, { name }, compiled.input.spec.led))
      const own = [...(signing.get(name) ?? []), ...led]
      return [[name, own.map((key) => ({ domain: name, selector: key.selector, key }))] as const]
    }),
  )
}
