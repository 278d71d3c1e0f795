import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'

/** A key of the index with the day it was made, `YYYY-MM-DD`. */
export interface StoredKey extends DkimPublicKey {
  readonly created: string
}
