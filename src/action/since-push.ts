import { MailsyncError } from '../../records/error.js'
import type { SinceAsked } from '../commands/options/open-planned.js'
import { findRevision } from '../fleet/since/revision.js'
import { everything } from '../fleet/since/since.js'
import type { Inputs } from './inputs.js'
import type { Run } from './run.js'

/** What GitHub says was there before the first push of a branch. */
const NOTHING = /^0+$/

/**
 * The revision that a run looks at the changes since. Where `push` is asked for: what the branch had before the push; where that is
 * not known here, all is planned, and the plan says why.
 */
export async function sinceOf(
  { since, config }: Pick<Inputs, 'since' | 'config'>,
  { event, io }: Pick<Run, 'event' | 'io'>,
): Promise<SinceAsked> {
  if (since !== 'push') return since
  const { before } = event
  if (before === undefined) return everything('this run is not about a push, so there is no commit before it')
  if (NOTHING.test(before)) return everything('the branch is new, so there is no commit before this push')
  try {
    return await findRevision(before, config, io)
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code !== 'usage') throw error
    return everything(
      `the commit before this push, ${before.slice(0, 7)}, is not in this clone: it is shallow, or the push was forced`,
      'fetch-depth: 0 below actions/checkout fetches all there is',
    )
  }
}
