import type { ZoneCheck } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import type { Failure } from '../../failure.js'

/** What is known of one zone at one provider, without writing. */
export interface ZoneReport {
  /** `*` where the provider cannot say what else it serves. */
  readonly zone: Name | '*'
  readonly provider: string
  /** No zone, but the PTRs of its addresses; each of them is in `remarks`. */
  readonly addressOwner?: true
  /** Why it cannot be read. */
  readonly failure?: Failure
  readonly writable: ZoneCheck['writable']
  /** Whether the world asks this provider's name servers, in words. */
  readonly delegation: string
  readonly remarks: readonly string[]
}
