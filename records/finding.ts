import type { Name } from './rr/name.js'

/** Where something stands in the spec: the keys and list indexes from its root, for example `['hosts', 'mail.example.com', 'addresses', 0]`. */
export type SpecPath = readonly (string | number)[]

/** `error`: nothing is changed. `warning`: mail may suffer. `note`: worth knowing, nothing is wrong. */
export type Severity = 'error' | 'warning' | 'note'

/** One thing a rule has to say about the spec. The stage that read the file turns `from` into `file:line:column`. */
export interface Finding {
  /** Stable id of the rule, kebab-case: `spf-lookups`, `mx-is-address`. */
  readonly rule: string
  readonly severity: Severity
  /** Where in the spec. */
  readonly from: SpecPath
  /** True when the finding is about the key at `from`, not about its value. */
  readonly atKey?: boolean
  readonly message: string
  readonly hint?: string
  /** The other place, where it takes two: the first spelling of a name that is there twice. */
  readonly also?: SpecPath
  /** The name whose zone, once it is read, tells for sure; the finding is what the spec alone lets suppose. */
  readonly seenAt?: Name
}
