import { currentStage } from '../../../records/move/move.js'
import { instantText } from '../../instant.js'
import type { Advanced } from '../../move/advance.js'
import type { MoveLook } from '../../move/look-at-move.js'
import type { MoveFile } from '../../move/move-file.js'
import { dutyOf } from '../../move/words.js'
import { jsonText } from './json-text.js'

/** Where a move is, and what a run did, as far as there was one: `move start`, `status`, `next` and `abort` with `--format json`. */
export function renderMoveJson({
  state,
  look,
  ...did
}: { readonly state: MoveFile; readonly look?: MoveLook } & Partial<Advanced>): string {
  const { stage, back, entered, visible } = currentStage(state)
  const { begun, zones, manual, refusals, failures, problems, isFinished = false, isDeclined = false } = did
  return jsonText({
    format: 'mailsync-move-status',
    version: 1,
    spec: state.spec,
    to: state.to,
    stage,
    back,
    entered: instantText(entered),
    ...(visible !== undefined && { visible: instantText(visible) }),
    keepRunning: dutyOf({ stage, back }),
    finished: isFinished,
    declined: isDeclined,
    ...(look && {
      ...(look.next.step && { due: look.next.step }),
      ...(look.next.wait && {
        waits: {
          reason: look.next.wait.reason,
          ...(look.next.wait.until !== undefined && { until: instantText(look.next.wait.until) }),
        },
      }),
      shownBy: look.sight.servers,
      missing: look.unseen,
      delegations: look.delegations,
      policiesToServe: look.unservedPolicies,
    }),
    ...(begun && { begun }),
    ...(zones && { zones }),
    ...(manual && { manual }),
    ...(refusals && { refusals }),
    ...(failures && { failures }),
    ...(problems && { problems }),
    moving: [...state.moving.keys()],
  })
}
