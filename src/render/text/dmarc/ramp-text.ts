import { startOf } from '../../../../records/families/dmarc/ramp/day.js'
import type { RampWait } from '../../../../records/families/dmarc/ramp/next-step.js'
import { displayName } from '../../../../records/rr/name.js'
import { isTaken, type Ramped } from '../../../dmarc/ramp/ramp.js'
import { RAMP_FILE } from '../../../dmarc/ramp/ramp-file.js'
import type { ReadReports } from '../../../dmarc/reports/read-reports.js'
import { percentText } from '../../../dmarc/reports/words.js'
import { dayOf } from '../../../instant.js'
import { inert, inertSentence } from '../../inert.js'
import { count } from '../../words.js'
import { paint } from '../paint.js'

interface Options {
  readonly colour: boolean
  readonly dryRun: boolean
}

/** What became of each domain, and what is to be done with it. */
export function renderRamp(ramped: readonly Ramped[], faults: ReadReports['faults'], options: Options): string {
  const taken = ramped.filter(isTaken).length
  const verb = options.dryRun ? (taken === 1 ? 'is due' : 'are due') : 'taken'
  const steps = taken === 0 ? 'No step is due.' : `${count(taken, 'step')} ${verb}.`
  const next = taken === 0 || options.dryRun ? '' : ` Commit ${RAMP_FILE}, then see what \`mailsync plan\` says.`
  return [
    ...ramped.map((one) => rampLine(one, options.colour)),
    ...(faults.length === 0 ? [] : ['Not read, so not counted:']),
    ...faults.slice(0, 50).map(({ label, reason }) => `  ${inert(label)}: ${inertSentence(reason)}`),
    ...(faults.length > 50 ? [`  ${count(faults.length - 50, 'other')}`] : []),
    `${steps}${next}`,
    '',
  ].join('\n')
}

function rampLine({ name, goal, stage, next }: Ramped, colour: boolean): string {
  const title = paint(inert(displayName(name)), 'bold', colour)
  if (next.kind === 'done') return `${title}  ${stage}, where it was to go`
  if (next.kind === 'back') return `${title}  ${paint(`${stage} → ${next.to}`, 'yellow', colour)}  back, as you say`
  const { evidence } = next
  const seen = evidence === undefined ? [] : [`${evidenceText(evidence)}`]
  if (next.kind === 'step') return [title, paint(`${stage} → ${next.to}`, 'green', colour), ...seen].join('  ')
  return [title, `${stage}, on its way to ${goal}`, waitText(next), ...seen].join('  ')
}

function evidenceText({ first, last, days, messages, failing }: NonNullable<RampWait['evidence']>): string {
  const period = [...new Set([first, last].map((day) => dayOf(startOf(day))))].join(' to ')
  return `(${count(days, 'day')}, ${period}: ${count(messages, 'message')}, ${percentText(failing, messages)} fail)`
}

/** Why nothing is done yet, as a sentence without its end. */
function waitText({ reason, until, shown = [] }: RampWait): string {
  switch (reason) {
    case 'silence':
      return 'waits: no report of late is about it'
    case 'unpublished':
      return `waits: reports still show ${shown.map((policy) => (policy === undefined ? 'no policy, or one that is tested' : `p=${policy}`)).join(' and ')}; apply the spec first`
    case 'days':
      return `waits for more days with reports${until === undefined ? '' : `, until ${dayOf(until)} at the earliest`}`
    case 'messages':
      return 'waits for more mail: this is too little to judge'
    case 'failing':
      return 'waits: too much fails; `mailsync dmarc report` says what'
    case 'clock':
      return `waits: the last step was taken ${until === undefined ? 'later than now' : dayOf(until)}, and this clock is before it`
  }
}
