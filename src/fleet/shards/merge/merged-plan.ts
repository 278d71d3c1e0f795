import type { Compiled } from '../../../../records/compile.js'
import { readPlanFile } from '../../../apply/saved-plan.js'
import { compiledOffline } from '../../../compiled-offline.js'
import { observedBefore } from '../../../hosts/addresses/observe-hosts.js'
import type { Plan } from '../../../plan/plan.js'
import { toProblem } from '../../../problem.js'
import { type OpenOptions, openSession, type Session } from '../../../session.js'
import { zonesInShards } from '../matrix.js'
import { assertZonesKnown } from '../zones-known.js'
import { mergePlans } from './merge-plans.js'

/** The plans of all shards as one, with the spec they are of. */
export interface MergedPlan {
  readonly plan: Plan
  readonly session: Session
  readonly compiled: Compiled
}

/** Reads the plans of shards, and merges them by what the spec says of the shards. Throws as `mergePlans` does, and `io`. */
export async function mergedPlan(
  files: readonly string[],
  options: Pick<OpenOptions, 'file' | 'env' | 'within'>,
): Promise<MergedPlan> {
  const parts = files.map((file) => ({ file, plan: readPlanFile(file) }))
  const [first] = parts
  const session = await openSession({
    ...options,
    online: false,
    ...(first && { observe: observedBefore(first.plan) }),
  })
  assertZonesKnown(session.spec)
  const compiled = compiledOffline(session)
  const questions = new Set(
    compiled.findings
      .filter(({ seenAt }) => seenAt !== undefined)
      .map((finding) => JSON.stringify(toProblem(finding, session.locate))),
  )
  const plan = mergePlans(parts, {
    zonesIn: (count) => zonesInShards(compiled, count),
    isOpenQuestion: (problem) => questions.has(JSON.stringify(problem)),
  })
  return { plan, session, compiled }
}
