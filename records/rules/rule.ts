import type { DkimNeed } from '../families/dkim/dkim.js'
import type { DkimPublicKey } from '../families/dkim/dkim-key.js'
import type { MailRecord } from '../families/mail-record.js'
import type { Finding, Severity, SpecPath } from '../finding.js'
import type { Address } from '../rr/address.js'
import type { Name } from '../rr/name.js'
import type { ReverseAliases, ReverseOwner } from '../rr/reverse.js'
import type { Domain, Host, MailSpec } from '../spec.js'

/** Everything the rules look at: the spec, and what it was compiled into. */
export interface RuleInput {
  readonly spec: MailSpec
  /** With DKIM decided. */
  readonly domains: readonly Domain[]
  readonly hosts: ReadonlyMap<Name, Host>
  readonly zones: ReadonlyMap<Name, readonly string[]>
  /** Whether a name in no zone may yet be served. */
  readonly mayServeMore: boolean
  readonly keys: readonly DkimPublicKey[]
  readonly keysOf: ReadonlyMap<Name, readonly DkimPublicKey[]>
  /** Keys that are still to be made, of the domains and of their key zones. */
  readonly neededKeys: readonly DkimNeed[]
  readonly records: readonly MailRecord[]
  /** Records whose name is in no zone. */
  readonly unplaced: readonly MailRecord[]
  readonly ownerOf: (address: Address) => ReverseOwner | undefined
  readonly aliases: ReverseAliases
}

/** One rule has one id, kebab-case, and looks at the whole. */
export type Rule = (input: RuleInput) => Finding[]

export function finding(severity: Severity, rule: string, from: SpecPath, message: string, hint?: string): Finding {
  return { rule, severity, from, message, ...(hint === undefined ? {} : { hint }) }
}
