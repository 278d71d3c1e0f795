import { durationText } from '../../../records/duration.js'
import { currentStage, STAGES, type StageEntry } from '../../../records/move/move.js'
import { shownInstant } from '../../instant.js'
import type { Advanced } from '../../move/advance.js'
import type { MoveLook } from '../../move/look-at-move.js'
import type { MoveFile } from '../../move/move-file.js'
import { dutyOf, moveWaitText, stageWords } from '../../move/words.js'
import { inert } from '../inert.js'
import { count } from '../words.js'
import { doneOf } from './apply-summary.js'
import { renderFailures } from './faults/failures-text.js'
import { renderProblems } from './faults/problems-text.js'
import { paint } from './paint.js'
import { renderRefusals } from './plan/refusals-text.js'
import { stepLines } from './plan/steps-text.js'
import { zoneTitle } from './plan/zone-title.js'

interface TextOptions {
  readonly colour: boolean
  readonly columns: number
  /** As it was named. */
  readonly spec: string
}

/** Where a move is: every stage, what it waits for, what has to be kept running, and which server does not show it yet. */
export function renderMove(
  { state, look }: { readonly state: MoveFile; readonly look?: MoveLook },
  { colour }: TextOptions,
): string {
  const current = currentStage(state)
  const way = current.back ? 'goes back' : `→ ${state.to}`
  const lines = [
    `${paint(inert(`${state.spec} ${way}`), 'bold', colour)}  ${count(state.moving.size, 'record')} of one or the other; TTL ${state.policy.ttl}, drain ${durationText(state.policy.drain)}`,
    ...STAGES.map((stage) => stageLine(stage, state, current, colour)),
    ...(look ? ['', whatNext(look)] : []),
    dutyOf(current),
    ...(look ? unseenLines(look, colour) : []),
  ]
  return `${lines.join('\n')}\n`
}

const WIDTH = 8

function stageLine(stage: StageEntry['stage'], { history }: MoveFile, current: StageEntry, colour: boolean): string {
  const entry = history.findLast((one) => one.stage === stage && one.back === current.back)
  const isNow = entry === current
  const words = stageWords({ stage, back: current.back })
  const since = entry === undefined ? '' : `  since ${shownInstant(entry.entered)}`
  const line = `  ${isNow ? '>' : entry ? '✓' : ' '} ${stage.padEnd(WIDTH)}${words}${since}`
  return isNow ? paint(line, 'bold', colour) : line
}

function whatNext({ next: { step, wait }, unseen, unservedPolicies }: MoveLook): string {
  if (wait) {
    const more = unseen.length > 1 ? ` and ${unseen.length - 1} more, below` : ''
    const [first] = unseen
    const fault = first?.missing[0]
    const missing = fault ? `${inert(`${fault.server}: ${fault.why}`)}${more}` : 'none answered'
    const text = moveWaitText(wait, { missing, policies: unservedPolicies.map(inert) })
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
  }
  if (step?.kind === 'enter') return `The stage ${step.stage} is due: mailsync move next`
  if (step?.kind === 'finish') return 'Every server shows it, and the move is over: mailsync move next ends it'
  return 'Every server shows it: mailsync move next notes that, and the time counts from then on'
}

const SHOWN = 20

function unseenLines({ unseen, delegations }: MoveLook, colour: boolean): string[] {
  const open = delegations.filter(({ isDone }) => !isDone)
  return [
    ...(unseen.length > 1 ? ['', paint('Not shown yet', 'bold', colour)] : []),
    ...(unseen.length > 1
      ? unseen
          .slice(0, SHOWN)
          .flatMap(({ missing }) => missing.map(({ server, why }) => `  ${inert(`${server}: ${why}`)}`))
      : []),
    ...(unseen.length > SHOWN ? [`  and ${unseen.length - SHOWN} more`] : []),
    ...(open.length > 0 ? ['', paint('To be delegated, at the registrar of each', 'bold', colour)] : []),
    ...open.map(({ zone, wanted, seen }) => {
      const to =
        wanted.length > 0 ? wanted.join(', ') : 'the name servers that its new provider names; then say --delegated'
      return `  ${inert(`${zone} to ${to} (now: ${seen.join(', ') || 'none is seen'})`)}`
    }),
  ]
}

/** What a run did, and where the move is then. */
export function renderAdvanced(
  done: Advanced,
  options: TextOptions & { readonly file: string; readonly isShown: boolean },
): string {
  const { state, begun, zones, manual, refusals, failures, problems, isFinished, isDeclined } = done
  const { colour, columns, file } = options
  const written = zones.filter(({ applied }) => applied.length > 0)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const sections = [
    written.map((zone) => `${zoneTitle(zone, colour)}  ${doneOf(zone.applied)}\n`).join(''),
    manual.length === 0 || options.isShown
      ? ''
      : `${paint('To do by hand', 'bold', colour)}\n${stepLines(manual, { colour, width: columns }).join('\n')}\n`,
    renderProblems(errors, { colour }),
    refusals.length === 0 ? '' : renderRefusals(refusals, { colour }),
    renderFailures(failures, { colour }, 'Failed; run it again when that is repaired, and the move goes on from here'),
    isFinished ? finished(state, options.spec, file) : renderMove(done, options),
    isDeclined ? 'The rest was declined, and is not begun.\n' : '',
    !isFinished && (begun.length > 0 || zones.length > 0) ? `Commit ${inert(file)}.\n` : '',
  ]
  return sections.filter((text) => text !== '').join('\n')
}

function finished({ to, history }: MoveFile, spec: string, file: string): string {
  const back = history.at(-1)?.back === true
  return back
    ? `The move was taken back: DNS is as ${inert(spec)} says. ${inert(file)} is removed; commit that.\n`
    : `The move is over: ${inert(spec)} has the text of ${inert(to)} now, and ${inert(file)} is removed. Commit both, and remove ${inert(to)}.\n`
}
