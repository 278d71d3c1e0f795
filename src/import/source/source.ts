import type { Name } from '../../../records/rr/name.js'
import type { Connected } from '../../connect/connect.js'
import type { Remark } from '../draft/remark.js'

/** Where an import reads from, and what its spec then names as the provider. */
export interface Source {
  readonly provider: ProviderDraft
  readonly connected: Connected
  /** What was read, in words that follow "from". */
  readonly origin: string
  /** What is said of it at the top of the spec, a paragraph each. */
  readonly notes: readonly string[]
  /** What to know before trusting the result, said beside it: a line each. */
  readonly limits?: readonly string[]
  /** Of a source that is several providers; `provider` and `connected` stand for all of them. */
  readonly several?: Several
  /** What to import where no domain is asked for. */
  readonly domains?: readonly Name[]
  /** Master files have no adapter: their zones are written as the files of the provider in their place. */
  readonly seeds: readonly Seed[]
}

/** A zone file that lets the imported spec be planned. */
export interface Seed {
  readonly zone: Name
  /** octoDNS YAML. */
  readonly text: string
}

/** Providers that serve different zones. */
export interface Several {
  readonly drafts: readonly ProviderDraft[]
  readonly connected: readonly Connected[]
  /** Names of providers. */
  targetsOf(zone: Name): readonly string[]
  /** Zones that are declared whatever is in them. */
  readonly zones: readonly Name[]
}

export interface ProviderDraft {
  readonly name: string
  readonly class: string
  /** As they are written: `env/NAME` in place of secrets. */
  readonly options: Readonly<Record<string, unknown>>
  readonly remarks: readonly Remark[]
  /** Of the environment, to be set to secrets that were given in the open. */
  readonly variables?: readonly string[]
}
