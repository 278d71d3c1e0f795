import type { Problem } from '../problem.js'

/** The rule that every session of a spec which is moving tells of. */
export const UNDER_WAY = 'move-under-way'

/** Whether a spec means what a stage of a move means, which neither of its two specs does. */
export function isMoving({ problems }: { readonly problems: readonly Problem[] }): boolean {
  return problems.some(({ rule }) => rule === UNDER_WAY)
}
