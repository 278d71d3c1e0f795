import type { Compiled, Targets } from '../../records/compile.js'
import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import type { ReverseAliases } from '../../records/rr/reverse.js'
import type { MailSpec } from '../../records/spec.js'
import type { Connected } from '../connect/connect.js'
import type { Since } from '../fleet/since/since.js'
import type { ReverseDns } from '../hosts/reverse/reverse-dns.js'
import type { Locate, Problem } from '../problem.js'
import type { Watch } from '../watch/watch.js'
import type { Selection } from './select.js'
import type { ZoneObserver } from './zones/zone-observer.js'

/** What a plan is made of. */
export interface PlanInput {
  /** The spec file, as it was named. */
  readonly file: string
  readonly spec: MailSpec
  readonly keys: readonly DkimPublicKey[]
  /** What the spec and the keys mean for the declared zones, where it is known already. */
  readonly compiled?: Compiled
  /** What they mean for other zones; default: what `compile` says. */
  readonly compile?: (
    keys: readonly DkimPublicKey[],
    zones: Targets,
    mayServeMore?: boolean,
    aliases?: ReverseAliases,
  ) => Compiled
  readonly providers: ReadonlyMap<string, Connected>
  readonly locate: Locate
  /** What was found before the plan. */
  readonly problems: readonly Problem[]
  readonly selection: Selection
  /** Only what differs from a revision is looked at. */
  readonly since?: Since | undefined
  /** `YYYY-MM-DD`, for the selectors of keys that are not made yet. */
  readonly today: string
  /** How many zones of one account are read at the same time. */
  readonly parallel: number
  readonly signal: AbortSignal
  /** Asks DNS about reverse names that are in no zone of the spec; without it, what is done of them is not known. */
  readonly openReverseDns?: () => Promise<ReverseDns>
  /** Looks at zones first, and leaves to their providers those that are not as wanted. */
  readonly observer?: ZoneObserver
  /** Called as zones are finished. */
  readonly onProgress?: (done: number, total: number) => void
  /** Told of what is found, zone by zone. */
  readonly watch?: Watch | undefined
}
