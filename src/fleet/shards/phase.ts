import { MailsyncError } from '../../../records/error.js'
import type { Stage } from '../../apply/order.js'

/**
 * How far a shard is applied: `first`, what zones of other shards lead to; `rest`, all but what they may still lead to; `last`,
 * all. Each begins once every shard has finished the one before.
 */
export const PHASES = ['first', 'rest', 'last'] as const
export type Phase = (typeof PHASES)[number]

/** The last stage of writes that belongs to a phase. */
export const UNTIL: Readonly<Record<Phase, Stage>> = { first: 'make', rest: 'rely', last: 'break' }

/** Throws `usage` for a phase of no shard. */
export function checkPhase({ shard, phase }: { readonly shard?: unknown; readonly phase?: unknown }): void {
  if (phase === undefined || shard !== undefined) return
  throw new MailsyncError('usage', '--phase is how far a shard is applied, and there is no --shard', {
    hint: 'one process puts all in order by itself; for several: --shard 1/8 --phase first',
  })
}
