import type { Finding, SpecPath } from '../finding.js'
import type { Address } from '../rr/address.js'
import type { Name } from '../rr/name.js'
import type { RRType } from '../rr/rdata.js'
import type { ReverseAliases, ReverseOwner } from '../rr/reverse.js'
import type { RRset } from '../rr/rrset.js'
import type { Rule } from '../rules/rule.js'
import type { ZoneView } from '../rules/zone-view.js'
import type { Domain, Host, MailSpec } from '../spec.js'
import type { DkimPublicKey } from './dkim/dkim-key.js'
import type { MailRecord, Purpose } from './mail-record.js'
import type { Reading } from './reading.js'

export type { Purpose }

/** One kind of mail record: all that the stages ask about it. A table of them is in families/index.ts. */
export interface Family<P extends string = Purpose, Value = unknown> {
  readonly purpose: P
  /** The types it is written as. */
  readonly types: readonly RRType[]
  /** Make before break: of two families the lower rank is written first and taken away last. */
  readonly rank: number
  /** Whether a value of a shared RRset is this family's: strangers' values are none of our business and stay. Absent where its slot is the whole RRset. */
  readonly isOwn?: (value: string, type: RRType) => boolean
  /**
   * In place of `isOwn`, where no text tells whose a value is, as with CAA: what a value means. Each value is a slot of its
   * own then, and memory tells which of them mailsync wrote: all others are strangers'. Its records have one value each.
   */
  readonly meaningOf?: (value: string) => string
  /** Whether a CNAME that mailsync did not write stays where one of the other types is wanted: then it is in the way, and never adopted. */
  readonly aliasStays?: true
  /** Reads a value, as `rdataText` gives it, by its RFC. */
  read(text: string): Reading<Value>
  /** The value as mailsync writes it; reading it again gives the same. */
  write(value: Value): string
  /** Whether two values mean the same; what means the same is never rewritten for its spelling. */
  same(a: string, b: string): boolean
  /** What the parts of a spec become. */
  compile(input: CompileInput): CompiledPart
  /** What is said about the spec, and what it was compiled into. */
  readonly rules: readonly Rule[]
  /** What is said about a zone that was read, as it will be. */
  readonly observe?: (view: ZoneView) => Finding[]
  readonly words: Words
}

/** What the families compile from. */
export interface CompileInput {
  readonly spec: MailSpec
  /** With DKIM decided. */
  readonly domains: readonly Domain[]
  readonly hosts: ReadonlyMap<Name, Host>
  /** By domain, each domain's in the order of their selectors. */
  readonly keys: ReadonlyMap<Name, readonly DkimPublicKey[]>
  /** Zone name → the providers that hold it. */
  readonly zones: ReadonlyMap<Name, readonly string[]>
  readonly ownerOf: (address: Address) => ReverseOwner | undefined
  /** What was seen of the CNAMEs at reverse names. */
  readonly aliases: ReverseAliases
}

export interface CompiledPart {
  readonly records: readonly MailRecord[]
  readonly manual?: readonly ManualStep[]
}

/** Something only a person can do, with everything needed to do it. */
export interface ManualStep {
  readonly what: string
  readonly why: string
  readonly from: SpecPath
  /** What is to stand there in the end. */
  readonly rrset: RRset
  /** Further records of the same step. */
  readonly besides?: readonly RRset[]
  /** Of a reverse name. */
  readonly reverse?: ReverseStep
}

/** What has to be done about the reverse name of an address by whoever owns the address. */
export type ReverseStep =
  /** Its PTR is to be set. */
  | { readonly kind: 'ptr'; readonly address: Address; readonly target: Name }
  /** Reverse names have to lead into a zone of the spec (RFC 2317 §4). */
  | { readonly kind: 'delegation'; readonly zone: Name; readonly addresses: readonly Address[] }

/** How people are told about a family. */
export interface Words {
  /** What people call one of its records: `mail exchanger`. */
  readonly noun: string
  /** Above what changes in many of them. */
  readonly topic: string
  /** How two values are compared: whole, by the terms of SPF, or by `name=value` tags. */
  readonly form: 'plain' | 'terms' | 'tags'
  /** What its tags are about. */
  readonly tags?: Readonly<Record<string, string>>
  /** Of a text that may be in error: what then becomes of mail, and where its RFC says that several are. */
  readonly inError?: { readonly becomes: string; readonly several: string }
  /** What a report draws it at. */
  readonly about: 'domain' | 'host'
  /** The domains or hosts that records at a name are about. */
  subjects(name: Name, values: readonly string[]): readonly Name[]
  /** What a change does to mail, in one sentence. */
  effect(edit: EffectView): string
}

/** A change of one family's values at a name, for {@link Words.effect}. */
export interface EffectView {
  /** For people. */
  readonly name: string
  readonly step: 'begins' | 'changes' | 'ends'
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Some texts as a list, cut where it is long. */
  listed(texts: readonly string[]): string
  /** What comes in and what goes, term by term. */
  moved(): string
}
