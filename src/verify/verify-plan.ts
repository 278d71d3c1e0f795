import { keyOf, subjectOf } from '../../records/rr/rrset.js'
import type { Shard } from '../fleet/shards/shard.js'
import type { Io } from '../io.js'
import type { Plan } from '../plan/plan.js'
import { readSelection } from '../plan/select.js'
import { progressLine } from '../progress.js'
import type { Session } from '../session.js'
import { internet, type Outside } from './ask/outside.js'
import { verify } from './verify.js'

export interface VerifyPlanOptions {
  readonly domain: readonly string[]
  /** Only what is in the zones of this part. */
  readonly shard?: Shard | undefined
  /** `address[:port]`, or `root`; the system's without it. */
  readonly resolver?: string | undefined
  /** Identities of age, which open private keys that are encrypted. */
  readonly identities: readonly string[]
}

/** The plan with what receivers see now. Records that it changes are not asked for once more: it shows what is wrong with them. */
export async function verifiedPlan(
  plan: Plan,
  session: Session,
  { domain, shard, resolver, identities }: VerifyPlanOptions,
  io: Io,
  outside: Outside = internet,
): Promise<Plan> {
  const changed = new Set(plan.zones.flatMap(({ changes }) => changes.map((change) => keyOf(subjectOf(change)))))
  const progress = progressLine(io, 'checking')
  try {
    const report = await verify(
      {
        session,
        chosen: readSelection(session.spec, [], domain).domains,
        shard,
        foreign: [],
        resolvers: resolver === undefined ? [] : [resolver],
        isCompared: (rrset) => !changed.has(keyOf(rrset)),
        identities,
        smtp: false,
        blocklists: false,
        today: io.today,
        signal: io.signal,
        onProgress: progress.update,
      },
      outside,
    )
    return { ...plan, verify: report }
  } finally {
    progress.end()
  }
}
