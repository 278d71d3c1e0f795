import type { Name } from '../rr/name.js'
import type { RRset, RRType } from '../rr/rrset.js'
import type { RuleInput } from './rule.js'

/** A zone that was read, as it will be once the plan is applied, and what the spec says. */
export interface ZoneView {
  readonly zone: Name
  /** What a resolver finds at a name, the wildcard that stands for it included. */
  find(name: Name, type: RRType): RRset | undefined
  /** Every RRset of the zone. */
  readonly rrsets: readonly RRset[]
  /** Whether this zone answers for the name: it is in it, and below no delegation. */
  answers(name: Name): boolean
  readonly input: RuleInput
}
