import type { Refusal } from '../../../apply/guards.js'
import { inertSentence } from '../../inert.js'
import { zoneAt } from '../../place.js'
import { paint } from '../paint.js'

/** Why a plan is not carried out as it is, and what would let it. */
export function renderRefusals(refusals: readonly Refusal[], { colour }: { colour: boolean }): string {
  return refusals
    .map((refusal) => {
      const { message, hint } = refusal
      return `${paint('refused', 'red', colour)}  ${zoneAt(refusal)}: ${inertSentence(message)}\n    ${inertSentence(hint)}\n`
    })
    .join('')
}
