import { MailsyncError } from '../../records/error.js'
import type { Attempt } from '../http/attempts.js'
import { sentOfCall } from '../http/failures.js'
import type { Sent } from '../write-batches.js'

/** What becomes of a PTR that one call sets. `finish` waits for what the API goes on to do after its reply. */
export async function sending<T>(
  begin: (attempts: Attempt[]) => Promise<T>,
  finish: (begun: T) => Promise<Sent> = async () => ({ kind: 'written' }),
): Promise<Sent> {
  const attempts: Attempt[] = []
  let begun: T
  try {
    begun = await begin(attempts)
  } catch (error) {
    if (error instanceof MailsyncError) return sentOfCall(error, attempts)
    throw error
  }
  try {
    return await finish(begun)
  } catch (error) {
    if (error instanceof MailsyncError) return { kind: 'lost', failure: error, over: false }
    throw error
  }
}
