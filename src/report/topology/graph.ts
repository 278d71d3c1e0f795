import type { Name } from '../../../records/rr/name.js'
import type { Mark } from './mark.js'

/** What is drawn: mail domains on one side, what they receive at and send from on the other. */
export interface Topology {
  readonly domains: readonly DomainNode[]
  readonly machines: readonly MachineNode[]
}

/** A mail domain, or several that are alike in all that is drawn. */
export interface DomainNode {
  readonly names: readonly Name[]
  readonly mark: Mark
  readonly receiving: string
  readonly sending: string
  /** DKIM, DMARC, then MTA-STS where there is any, in a few words. */
  readonly signing: readonly string[]
  readonly links: readonly Link[]
}

/** `elsewhere` is an MX target, or a sender of before, that is no host of the spec. */
export interface MachineNode {
  /** A host's name without the trailing dot, or what SPF says: `include:…`, a network. */
  readonly id: string
  readonly kind: 'host' | 'elsewhere' | 'include' | 'network'
  readonly mark: Mark
  readonly addresses: readonly AddressLine[]
}

export interface AddressLine {
  readonly address: string
  readonly note: string
  readonly mark: Mark
}

/** `receives`: the MX of the domain leads to the machine. `sends`: the SPF of the domain allows the machine. */
export interface Link {
  readonly kind: 'receives' | 'sends'
  /** {@link MachineNode.id} */
  readonly machine: string
  /** Of `receives`: lower is tried first. */
  readonly preference?: number
  readonly mark: Mark
}
