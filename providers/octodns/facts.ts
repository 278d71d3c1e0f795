import { RRTYPES } from '../../records/rr/rdata.js'
import { MAX_TTL, type RRset } from '../../records/rr/rrset.js'
import type { ProviderPlugin, Traits } from '../provider.js'
import { knownPlugin, moduleOf, packageOf, type TxtDialect } from './plugins.js'
import { unwritable } from './txt.js'
import { unwritableCaa } from './values.js'

/** What a provider class can hold, and how it is talked to. */
export interface Facts extends Required<Pick<ProviderPlugin, 'traits' | 'rejects'>> {
  /** Its package, for messages. */
  readonly plugin: string
  readonly txt: TxtDialect | undefined
  /** Whether a target without the dot at its end is absolute. */
  readonly absolute: boolean
}

/** What bridge.py tells of the class when it has made its first object. */
export interface Opened {
  /** The version of octoDNS. */
  readonly octodns: string
  /** `SUPPORTS` of the class. */
  readonly supports: readonly string[]
  /** `SUPPORTS_MULTIVALUE_PTR`. */
  readonly multivaluePtr: boolean
  /** The lowest TTL it writes, where the object tells. */
  readonly minTtl?: number
}

/** Nothing is known of how a plugin writes, so nothing is promised. */
export const TRAITS: Traits = {
  types: RRTYPES,
  write: 'per-record',
  compareAndSwap: false,
  ttl: { min: 0, max: MAX_TTL },
}

/** @param minTtl what the user says of it, seconds */
export function factsOf(className: string, opened: Opened, minTtl?: number): Facts {
  const { txt, minTtl: usual = 0, absolute = false } = knownPlugin(className)
  const plugin = packageOf(moduleOf(className)) ?? className
  return {
    plugin,
    txt,
    absolute,
    traits: {
      ...TRAITS,
      types: RRTYPES.filter((type) => opened.supports.includes(type)),
      ttl: { min: minTtl ?? opened.minTtl ?? usual, max: MAX_TTL },
    },
    rejects: (rrset) => rejection(rrset, { plugin, txt, multivaluePtr: opened.multivaluePtr }),
  }
}

function rejection(
  { type, rdata }: RRset,
  { plugin, txt, multivaluePtr }: Pick<Facts, 'plugin' | 'txt'> & Pick<Opened, 'multivaluePtr'>,
): string | undefined {
  if (type === 'PTR' && rdata.length > 1 && !multivaluePtr) return `${plugin} holds one PTR record a name`
  const reasons =
    type === 'TXT'
      ? rdata.map((value) => unwritable(value, txt, plugin))
      : type === 'CAA'
        ? rdata.map((value) => unwritableCaa(value, txt, plugin))
        : []
  return reasons.find((reason) => reason !== undefined)
}
