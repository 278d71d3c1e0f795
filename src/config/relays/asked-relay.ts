import type { SpecPath } from '../../../records/finding.js'
import type { Relay } from '../../../records/relays/relay.js'
import type { RawRelay } from './relays-schema.js'

/** A relay as one domain asks for it. */
export interface AskedRelay {
  readonly relay: Relay
  readonly raw: RawRelay
  /** Where it is written: here, or in the defaults. */
  readonly place: SpecPath
  readonly placeOf: (key: string) => SpecPath
}
