/**
 * A service that sends or takes in mail for the domains of others, and what it wants in their DNS, as its documentation says.
 * A template names what a person tells in braces; `{domain}` is the domain without its last dot.
 */
export interface Relay {
  /** As the spec has it. */
  readonly name: string
  /** As people call it. */
  readonly title: string
  /** What people may write for its name, and is asked back. */
  readonly alsoCalled: readonly string[]
  /** What it is, in a few words. */
  readonly about: string
  /** Its pages that say what is here; the first is the one for people. */
  readonly documentation: readonly string[]
  /** The day as of which this is what is known of it, `YYYY-MM-DD`; its own pages are what counts. */
  readonly asOf: string
  /** What its pages do not say, and public zones show. */
  readonly seenInZones?: string
  /** What a person tells, by its key in the spec. */
  readonly inputs: Readonly<Record<string, RelayInput>>
  /** The SPF that the domain includes; none where the sender in the envelope is never at the domain itself. */
  readonly spf?: string
  /** Includes by which it is known besides: older ones, or of no effect. */
  readonly otherSpf: readonly string[]
  /** The ways in which it has its DKIM keys in DNS, of which a domain has one. */
  readonly dkim: readonly (readonly KeyTemplate[])[]
  /** Whether it sends without a key of the domain too, which then is only warned of. */
  readonly sendsUnsigned?: true
  /** Names below the domain. */
  readonly names: readonly NameTemplate[]
  readonly mx?: MxOfRelay
  /** The domains its servers are in. */
  readonly servers: readonly string[]
  /** What to know before using it, a sentence or two each. */
  readonly notes: readonly string[]
}

export interface RelayInput {
  readonly what: string
  /** Where the person finds it. */
  readonly where: string
  /** `word`: as the pattern says. `label`: a name below the domain, written without it. `host`: a whole name. `key`: the value of a DKIM record. */
  readonly form: 'word' | 'label' | 'host' | 'key'
  /** Of the whole text, in lower case; of a host without its last dot. */
  readonly pattern: RegExp
  /** The pattern in words. */
  readonly looksLike: string
  readonly example: string
  /** Where it is a list of so many. */
  readonly count?: number
  /** What it is where nothing is told. */
  readonly default?: string
  /** Where the templates have another text for what is told: `eu` → `eu.mailgun.org`. */
  readonly means?: Readonly<Record<string, string>>
  /** What most people have there, for looking around in DNS. */
  readonly usual?: readonly string[]
}

export type KeyTemplate =
  | { readonly selector: string; readonly cname: string }
  | {
      readonly selector: string
      readonly txt: string
      /** Whether a key at such a selector is the relay's and nobody else's. */
      readonly isOwn?: true
    }

export interface MxTemplate {
  readonly preference: number
  readonly exchange: string
}

/** A name below the domain: a CNAME, or one at which the relay takes bounces. */
export type NameTemplate = {
  readonly label: string
  readonly what: string
  /** May be left out; then this is true, if anything has to be said. */
  readonly optional?: { readonly without?: string }
} & ({ readonly cname: string } | { readonly mx: readonly MxTemplate[]; readonly spf: string })

export interface MxOfRelay {
  readonly servers: readonly MxTemplate[]
  /** Whether a domain that names no MX has these; else only where the relay's block says `mx: true`. */
  readonly usual: boolean
}
