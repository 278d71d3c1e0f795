import { MailsyncError } from '../../../records/error.js'
import type { ApplyInput } from '../../apply/apply-plan.js'
import { type ReviewedPart, reviewedPart } from '../../apply/reviewed-plan.js'
import { checkPhase, type Phase } from '../../fleet/shards/phase.js'
import { readShard, type Shard, shardText } from '../../fleet/shards/shard.js'
import type { PartOf } from '../../fleet/shards/shard-part.js'
import type { Made } from '../../plan/make-plan.js'
import type { Plan, ZoneFailure, ZonePlan } from '../../plan/plan.js'

/** What a run carries out: a plan, or a shard's part of one. */
export interface Share {
  readonly plan: Plan
  /** Zones that want changes which are not carried out here: what leads to them must wait. */
  readonly unreviewed: readonly ZoneFailure[]
  readonly part?: ApplyInput['part']
}

export interface ShareOptions {
  /** `K/N` */
  readonly shard?: string | undefined
  /** Default: `rest`. */
  readonly phase?: Phase | undefined
}

/** The shard that a run is about, if it is about one: as it is asked for, or as the saved plan is one of it. Throws `usage`. */
export function shardOfRun({ shard: text, phase }: ShareOptions, reviewed?: Plan): Shard | undefined {
  const own = reviewed?.narrowed?.find(({ by }) => by === 'shard')?.value
  if (own !== undefined && text !== undefined && own !== text)
    throw new MailsyncError('usage', `--shard ${text}: the saved plan is that of shard ${own}`, {
      hint: 'leave --shard out, or merge the plans of all shards first: mailsync merge',
    })
  const named = text ?? own
  checkPhase({ shard: named, phase })
  const shard = named === undefined ? undefined : readShard(named)
  return shard?.count === 1 ? undefined : shard
}

/** Of a fresh plan, what a run carries out. */
export async function freshShare(made: Made, options: ShareOptions): Promise<Share> {
  const shard = shardOfRun(options)
  if (shard === undefined) return { plan: made.plan, unreviewed: [] }
  const { freshPart } = await import('../../fleet/shards/shard-part.js')
  return freshPart(made.plan, await partOf(made, shard, options))
}

/**
 * Of a reviewed plan, what a run carries out.
 *
 * @param made a fresh plan of what is needed for it
 * @param isBegun whether an earlier run has begun to write a zone; a shard's may have in any phase
 */
export async function savedShare(
  reviewed: Plan,
  made: Made,
  options: ShareOptions,
  isBegun?: (zone: ZonePlan) => boolean,
): Promise<Share & Pick<ReviewedPart, 'stale'>> {
  const shard = shardOfRun(options, reviewed)
  if (shard === undefined) return reviewedPart(reviewed, made.plan, isBegun)
  const { freshPart, reviewedShard } = await import('../../fleet/shards/shard-part.js')
  const which = await partOf(made, shard, options)
  const fresh = freshPart(made.plan, which)
  const own = reviewedShard(reviewed, which)
  const { plan, stale, unreviewed } = reviewedPart(own.plan, fresh.plan, () => true)
  const isWhole = reviewed.narrowed?.every(({ by }) => by !== 'shard') ?? true
  return {
    plan: { ...plan, zones: plan.zones.filter(({ changes }) => changes.length > 0) },
    stale,
    unreviewed: [...fresh.unreviewed, ...unreviewed],
    part: isWhole ? own.part : fresh.part,
  }
}

async function partOf({ declared }: Made, shard: Shard, { phase = 'rest' }: ShareOptions): Promise<PartOf> {
  const { sharding } = await import('../../fleet/shards/sharding.js')
  return { sharding: sharding(declared, shard.count), shard, phase }
}

/** What of the options makes a plan that a share can be taken of. */
export function withShard(shard: Shard | undefined): { readonly shard?: string; readonly withLed?: true } {
  return shard === undefined ? {} : { shard: shardText(shard), withLed: true }
}
