import { MailsyncError } from '../../records/error.js'
import type { Attempt } from '../http/attempts.js'
import { sentOfCall } from '../http/failures.js'
import type { Sent } from '../write-batches.js'

/** What becomes of a PTR that one call sets. `finish` waits for what the API goes on to do after its reply, if it does. */
export async function sending<T>(
  begin: (attempts: Attempt[]) => Promise<T>,
  finish?: (begun: T) => Promise<Sent>,
): Promise<Sent> {
  const attempts: Attempt[] = []
  let begun: T
  try {
    begun = await begin(attempts)
  } catch (error) {
    if (!(error instanceof MailsyncError)) throw error
    const sent = sentOfCall(error, attempts)
    return finish ? stillOpen(sent) : sent
  }
  if (!finish) return { kind: 'written' }
  try {
    return await finish(begun)
  } catch (error) {
    if (error instanceof MailsyncError) return { kind: 'lost', failure: error, over: false }
    throw error
  }
}

/** Where a reply only tells of a beginning, no failure of it says that nothing was begun. */
export function stillOpen(sent: Sent): Sent {
  if (sent.kind === 'lost') return { ...sent, over: false }
  return sent.kind === 'refused' && sent.earlier ? { ...sent, earlier: 'open' } : sent
}
