import type { Stage, StageEntry } from '../../records/move/move.js'
import type { MoveWait } from '../../records/move/next-move-step.js'
import { shownInstant } from '../instant.js'

const STAGE_WORDS: Readonly<Record<Stage, readonly [forward: string, back: string]>> = {
  lower: ['short TTLs', 'short TTLs'],
  both: ['old and new beside each other, the old one first', 'old and new beside each other, the new one first'],
  switch: ['the new one first', 'the old one first again'],
  drain: ['the old one stays for what is on its way', 'the new one stays for what is on its way'],
  clean: ['the old one is gone from DNS', 'the new one is gone from DNS'],
  raise: ['all as in the new spec', 'all as in the old spec'],
}

/** What a stage is, in a few words. */
export function stageWords({ stage, back }: Pick<StageEntry, 'stage' | 'back'>): string {
  return STAGE_WORDS[stage][back ? 1 : 0]
}

/** What has to be kept running during a stage; DNS cannot see to that. */
export function dutyOf({ stage, back }: Pick<StageEntry, 'stage' | 'back'>): string {
  const [left, next] = back ? ['new', 'old'] : ['old', 'new']
  switch (stage) {
    case 'lower':
      return back
        ? 'Start the old servers again before the next stage: they have to take mail then. The new ones go on.'
        : 'The old servers go on as they are. Set the new ones up: they have to take mail before the next stage begins.'
    case 'both':
      return back
        ? 'Both servers have to take mail. The new ones still send.'
        : 'Both servers have to take mail: a few senders try the new ones already. The old ones send; let the new ones send nothing yet.'
    case 'switch':
      return back
        ? 'Both servers have to take mail. Let the old ones send once this stage is over; the new ones, if they send, do until then, and empty their queues after it.'
        : 'Both servers have to take mail. Let the new ones send once this stage is over; the old ones send until then, and empty their queues after it.'
    case 'drain':
      return `Both servers have to take mail. The ${next} ones send; the ${left} ones only send what is left in their queues.`
    case 'clean':
      return `The ${next} servers take and send all mail. The ${left} ones have to take what still comes until this stage is over; then they may go.`
    case 'raise':
      return `The ${next} servers take and send all mail. The ${left} ones may go.`
  }
}

/** Why a move does not go on yet, and until when. */
export function moveWaitText(
  { reason, until }: MoveWait,
  { missing, policies }: { readonly missing: string; readonly policies: readonly string[] },
): string {
  const at = until === undefined ? '' : shownInstant(until)
  switch (reason) {
    case 'servers':
      return `waits until every server shows it; ${missing}`
    case 'delegation':
      return 'waits until every zone is delegated to the other provider, which is yours to have done at its registrar'
    case 'ttl':
      return `goes on from ${at}: until then somebody may remember what was in DNS before`
    case 'drain':
      return `goes on from ${at}: until then mail may be on its way`
    case 'policy':
      return `goes on from ${at}: until then a sender may keep an MTA-STS policy that lists the MX that was left only`
    case 'files':
      return `waits for the MTA-STS policy of ${policies.join(', ')}, which has to list both MX before DNS does: \`mailsync compile --out FOLDER\` writes it; once it is in place, say so: mailsync move next --policies`
    case 'clock':
      return `the clock is behind: the move tells of something on ${at}`
  }
}
