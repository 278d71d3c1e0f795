import { cut } from '../../../records/cut.js'
import type { ZoneDiff } from '../../../records/diff.js'
import { families } from '../../../records/families/index.js'
import type { Finding } from '../../../records/finding.js'
import { displayName } from '../../../records/rr/name.js'

/** Characters of a value that are enough to know it by. */
const SHOWN = 160

/**
 * Records that are to be written where receivers heed nothing of what stands there now: what is wrong with it, what they make
 * of that, and what they will find.
 */
export function errorsNow({ edits }: Pick<ZoneDiff, 'edits'>): Finding[] {
  return edits
    .flatMap((one) => one.edits)
    .flatMap(({ slot: { name, type, purpose }, from, before, after }): Finding[] => {
      const { read, words } = families[purpose]
      if (type !== 'TXT' || from === undefined || words.inError === undefined || after.length === 0) return []
      const { becomes, several } = words.inError
      const faults = before.flatMap((value) => {
        const { value: sound, faults } = read(value)
        return sound === undefined ? faults.slice(0, 1).map(({ message, section }) => `${message} (${section})`) : []
      })
      const why = before.length > 1 ? `there are ${before.length} of them (${several})` : faults[0]
      if (why === undefined) return []
      return [
        {
          rule: 'in-error-now',
          severity: 'note',
          from,
          message: `what ${displayName(name)} has as ${words.noun} now is in error, so ${becomes}: ${why}. With this plan they find ${cut(after.join(' '), SHOWN)}`,
        },
      ]
    })
}
