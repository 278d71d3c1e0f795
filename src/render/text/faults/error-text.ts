import type { MailsyncError, Where } from '../../../../records/error.js'
import { inert, inertSentence } from '../../inert.js'
import { inertLines } from '../../inert-lines.js'
import { zoneAt } from '../../place.js'
import { withUnicode } from '../../value/unicode-names.js'
import { paint } from '../paint.js'

/** A failure for people: what happened, where it did, what to do. The lines of a message that has several stay lines. */
export function renderError(
  { message, where, hint, apiCode }: Pick<MailsyncError, 'message' | 'where' | 'hint' | 'apiCode'>,
  { colour }: { colour: boolean },
): string {
  const [what = '', ...more] = inertLines(message).map(withUnicode)
  const place = placeOf(where, apiCode)
  const lines = [
    `${paint('error', 'red', colour)}  ${what}`,
    ...more,
    ...(place === '' ? [] : [place]),
    ...(hint === undefined ? [] : [inertSentence(hint)]),
  ]
  return `${lines.join('\n    ')}\n`
}

function placeOf({ file, line, column, provider, zone, record }: Where, apiCode: string | undefined): string {
  const at = [file, line, column].filter((part) => part !== undefined).map(String)
  const parts = [
    file === undefined ? '' : inert(at.join(':')),
    record === undefined ? '' : withUnicode(inert(record)),
    withUnicode(zoneAt({ ...(zone === undefined ? {} : { zone }), ...(provider === undefined ? {} : { provider }) })),
    apiCode === undefined ? '' : `code ${inert(apiCode)}`,
  ]
  const known = parts.filter((part) => part !== '')
  return known.length === 0 ? '' : `at ${known.join(', ')}`
}
