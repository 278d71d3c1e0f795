import { MailsyncError } from '../records/error.js'
import { type Change, keyOf, subjectOf } from '../records/rr/rrset.js'

/** The failure of a change whose `before` is not what stands there. */
export function stale(change: Change, cause?: unknown, apiCode?: string): MailsyncError {
  const record = keyOf(subjectOf(change))
  return new MailsyncError('stale', `${record} is not what the plan saw`, {
    where: { record },
    hint: 'somebody changed it since it was read; plan again',
    ...(apiCode === undefined ? {} : { apiCode }),
    cause,
  })
}

/** For `catch` where a failure is told in another way: undefined for one; a bug is thrown on. */
export function unlessBug(error: unknown): undefined {
  if (!(error instanceof MailsyncError)) throw error
}

/** The failure of a write that the user stopped before it began. */
export function cancelled(): MailsyncError {
  return new MailsyncError('cancelled', 'stopped before this was written', {
    hint: 'run the same command again; it goes on from here',
  })
}
