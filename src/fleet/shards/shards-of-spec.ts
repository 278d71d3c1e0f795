import { MailsyncError } from '../../../records/error.js'
import { readPlanFile } from '../../apply/saved-plan.js'
import { compiledOffline } from '../../compiled-offline.js'
import { type OpenOptions, openSession } from '../../session.js'
import { type Matrix, matrices, usualCount, zonesOfSpec } from './matrix.js'
import type { Phase } from './phase.js'
import { MOST_SHARDS } from './shard.js'
import { sharding } from './sharding.js'
import { assertZonesKnown } from './zones-known.js'

/** How a fleet is to be dealt out. */
export interface AskedShards {
  /** A merged plan: only shards that have something to write. */
  readonly plan?: string | undefined
  readonly count?: number | undefined
  readonly zonesPerShard?: number | undefined
}

/** The shards of a spec, by phase, and how many there are, those without zones included. Offline. Throws as `openSession` does, and `usage`. */
export async function shardsOfSpec(
  asked: AskedShards,
  options: Pick<OpenOptions, 'file' | 'env' | 'within'>,
): Promise<{ readonly all: Readonly<Record<Phase, Matrix>>; readonly count: number }> {
  const session = await openSession({ ...options, online: false })
  assertZonesKnown(session.spec)
  const compiled = compiledOffline(session)
  const count = countOf(asked, { usual: usualCount(compiled), zones: zonesOfSpec(compiled).length })
  const plan = asked.plan === undefined ? undefined : readPlanFile(asked.plan)
  return { all: matrices(compiled, sharding(compiled, count), count, plan), count }
}

/** @param spec what is usual for it, and its zones */
function countOf(
  { count, zonesPerShard }: AskedShards,
  spec: { readonly usual: number; readonly zones: number },
): number {
  if (count !== undefined && zonesPerShard !== undefined)
    throw new MailsyncError('usage', '--count and --zones-per-shard exclude each other')
  const wanted =
    count ?? (zonesPerShard === undefined ? spec.usual : Math.max(Math.ceil(spec.zones / zonesPerShard), 1))
  if (wanted <= MOST_SHARDS) return wanted
  throw new MailsyncError(
    'usage',
    `that would be ${wanted} shards, and a matrix of GitHub Actions has at most ${MOST_SHARDS}`,
    {
      hint:
        zonesPerShard === undefined
          ? `--count ${MOST_SHARDS}`
          : `--zones-per-shard ${Math.ceil(spec.zones / MOST_SHARDS)}`,
    },
  )
}
