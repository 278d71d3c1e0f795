import { families } from '../../records/families/index.js'
import { displayName } from '../../records/rr/name.js'
import { subjectOf } from '../../records/rr/rrset.js'
import type { Problem } from '../problem.js'
import type { PlannedEdit, ZonePlan } from './plan.js'

interface Moved {
  readonly domain: string
  readonly edit: PlannedEdit
}

/** What has to be done beside DNS, and in which order, where a plan changes which MTA-STS policy a domain says that it has: one note for all. */
export function policyFilesFirst(zones: readonly ZonePlan[]): Problem[] {
  const { same, words } = families.mtasts
  const isRespelt = ({ before, after }: PlannedEdit): boolean =>
    before.length === after.length && after.every((value) => before.some((held) => same(held, value)))
  const moved = zones.flatMap(({ changes }) =>
    changes.flatMap((change): Moved[] =>
      change.edits
        .filter((edit) => edit.purpose === 'mtasts' && !isRespelt(edit))
        .flatMap((edit) =>
          words.subjects(subjectOf(change).name, []).map((name) => ({ domain: displayName(name), edit })),
        ),
    ),
  )
  const comes = moved.filter(({ edit }) => edit.after.length > 0)
  const goes = moved.filter(({ edit }) => edit.after.length === 0)
  return [
    ...note(
      'mta-sts-file-first',
      comes,
      (domains) =>
        `the MTA-STS policy of ${domains} is new or another with this plan: put its file in place before you apply, as a sender that sees the new id and fetches the old file keeps that for as long as its max_age says (RFC 8461 §8.1)`,
      '`mailsync compile --out FOLDER` writes the files of the policies in this spec, and how to serve them',
    ),
    ...note(
      'mta-sts-dropped',
      goes,
      (domains) =>
        `${domains} no longer says that it has an MTA-STS policy, and senders go on with what they have of it for as long as its max_age says (RFC 8461 §8.3)`,
      'unless it was mode: none for that long: keep it, with mode: none, until then',
    ),
  ]
}

const SHOWN = 3

function note(rule: string, moved: readonly Moved[], message: (domains: string) => string, hint: string): Problem[] {
  const names = [...new Set(moved.map(({ domain }) => domain))]
  const where = moved.find(({ edit }) => edit.where)?.edit.where
  const more = names.length - SHOWN
  const shown = more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ')
  return names.length === 0 ? [] : [{ rule, severity: 'note', message: message(shown), hint, ...(where && { where }) }]
}
