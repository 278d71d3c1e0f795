import type { Failure } from '../../../failure.js'
import type { ZoneFailure } from '../../../plan/plan.js'
import { inert, inertSentence } from '../../inert.js'
import { inertLines } from '../../inert-lines.js'
import { withUnicode } from '../../value/unicode-names.js'
import { paint } from '../paint.js'
import { zoneTitle } from '../plan/zone-title.js'

/** The zones that could not be read or planned, each with its reason. Empty where there are none. */
export function renderFailures(
  failures: readonly ZoneFailure[],
  { colour }: { colour: boolean },
  title = 'Failed; nothing is written there',
): string {
  if (failures.length === 0) return ''
  const lines = failures.flatMap((failure) => [
    `  ${zoneTitle(failure, colour)}`,
    ...failureLines(failure, colour).map((line) => `    ${line}`),
  ])
  return [paint(title, 'bold', colour), ...lines, ''].join('\n')
}

/** A zone's failure: the message, the record and the API's own code where they are known, and the hint. */
export function failureLines({ code, message, hint, record, apiCode }: Failure, colour: boolean): string[] {
  const [what = '', ...more] = inertLines(message).map(withUnicode)
  const place = [record, apiCode === undefined ? undefined : `code ${apiCode}`].filter((part) => part !== undefined)
  return [
    `${paint(inert(code), 'red', colour)}  ${what}${place.length > 0 ? ` (${withUnicode(inert(place.join(', ')))})` : ''}`,
    ...more.map((line) => `  ${line}`),
    ...(hint === undefined ? [] : [`  ${inertSentence(hint)}`]),
  ]
}
