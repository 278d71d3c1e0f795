import type { DkimNeed } from '../../../records/families/dkim/dkim.js'
import type { MailRecord, Slot } from '../../../records/families/mail-record.js'
import type { SpecPath } from '../../../records/finding.js'
import type { Frozen } from '../../../records/frozen.js'
import type { Name } from '../../../records/rr/name.js'
import type { ReverseAliases } from '../../../records/rr/reverse.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import type { Zone } from '../../../records/rr/zone.js'
import type { RuleInput } from '../../../records/rules/rule.js'
import type { Connected } from '../../connect/connect.js'
import type { Problem } from '../../problem.js'
import type { PlannedManualStep, ZoneFailure, ZonePlan } from '../plan.js'
import type { HostAddresses } from '../problems/host-addresses.js'

export interface Unseen {
  readonly name: Name
  /** The declared zone it is in; undefined: only DNS could have told. */
  readonly zone: Name | undefined
}

/** Reverse names of which this run does not know whether a CNAME stands there. */
export interface UnseenNames {
  /** One that may lead to a PTR of ours that the spec does not ask for, which then has to stay; undefined where none can. */
  mayLeadTo(slot: Slot): Unseen | undefined
}

/** One zone at one provider, to be read and compared. */
export interface ZoneTask {
  readonly zone: Name
  readonly connected: Connected
  readonly desired: readonly MailRecord[]
  /** What the spec wants there besides, which other runs write. */
  readonly others: readonly MailRecord[]
  /** Whether the run is about a place in the spec. */
  readonly isAbout: (place: SpecPath) => boolean
  /** Names in this zone that an MX of the spec leads to and no host of the spec has. */
  readonly mxTargets: readonly Name[]
  /** Keys to be made for names in this zone, their selectors expanded. */
  readonly neededKeys: readonly DkimNeed[]
  readonly owner: string | false
  readonly manifestTtl: number
  readonly partial: boolean
  /** What may be deleted all the same, where the run is limited. */
  readonly mayGo?: (slot: Slot) => boolean
  /** What stays as it is, because addresses are not known. */
  readonly frozen?: Frozen | undefined
  /** What a CNAME may lead to that was not looked at; such a PTR stays. */
  readonly unseen?: UnseenNames | undefined
  /** It is read only to see where the CNAMEs at its `reverseNames` lead. */
  readonly isForAliases?: true
  /** Reverse names in this zone of addresses of the spec. */
  readonly reverseNames: readonly Name[]
  /** Some of them are of addresses that it had in a revision. */
  readonly hasPastNames?: true
  /** Reads the zone, where it is kept for a second look. */
  readonly read?: (signal: AbortSignal) => Promise<readonly AnyRRset[]>
  /** What the rules of the spec looked at; they look again at what was read. */
  readonly rules: RuleInput
}

/** What was found at the provider; nothing of what was read is kept but this. */
export interface ZoneFinding {
  readonly zone: Name
  readonly plan?: ZonePlan
  readonly failure?: ZoneFailure
  readonly problems: readonly Problem[]
  /** What a person has to do there. */
  readonly steps?: readonly PlannedManualStep[]
  /** What will stand at each of `mxTargets` that this zone answers for. */
  readonly targets: ReadonlyMap<Name, HostAddresses>
  /** Where CNAMEs lead that stand at `reverseNames`. */
  readonly aliases: ReverseAliases
  /** What was read, where it was read whole, changes, and has wildcards before or after. */
  readonly wildcards?: Zone
  /** Only what the spec asks for was looked at, and is there; the provider was not asked. */
  readonly isSeenOnly?: true
}
