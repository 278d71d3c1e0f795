import { expect } from 'vitest'
import { type ApplyInput, applyPlan } from '../../src/apply/apply-plan.js'
import type { AwaitForward } from '../../src/apply/await-forward.js'
import type { ApplyResult } from '../../src/apply/result.js'
import type { Plan, ZoneFailure } from '../../src/plan/plan.js'
import { changeLine } from '../worlds/plan-text.js'
import type { World } from '../worlds/world.js'

interface Options extends Pick<ApplyInput, 'part'> {
  readonly parallel?: number
  readonly unreviewed?: readonly ZoneFailure[]
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  readonly awaitForward?: AwaitForward
}

/** Carries out a plan, whatever becomes of it. */
export function apply(
  { providers }: World,
  plan: Plan,
  { parallel = 4, signal = new AbortController().signal, ...more }: Options = {},
): Promise<Omit<ApplyResult, 'keys'>> {
  return applyPlan({ plan, providers, parallel, signal, ...more })
}

/** Carries out a plan, of which nothing may fail. */
export async function applied(world: World, plan: Plan): Promise<void> {
  const { zones } = await apply(world, plan)
  expect(zones.flatMap(({ failure }) => failure ?? [])).toEqual([])
}

/** What became of each zone, in short. */
export function outcomes({ zones }: Pick<ApplyResult, 'zones'>) {
  return zones.map(({ zone, applied: done, uncertain, pending, failure }) => ({
    zone,
    applied: done.map(changeLine),
    uncertain: uncertain.map(changeLine),
    pending: pending.map(changeLine),
    ...(failure ? { failure: failure.code } : {}),
  }))
}
