import type { Route53Client } from '@aws-sdk/client-route-53'
import { MailsyncError } from '../../records/error.js'
import type { Pause } from '../http/waiting.js'
import { cancelled } from '../refusal.js'
import { isInSync } from './api.js'

/** Route 53 says that changes are everywhere within about a minute. Five seconds apart, asking costs next to nothing of the five requests a second. */
const INTERVAL = 5000
const PATIENCE = 10 * 60_000

/** Asks for each change in turn until it is on every name server of Route 53. Throws `timeout` after ten minutes. */
export async function waitUntilServed(
  client: Route53Client,
  changeIds: readonly string[],
  signal: AbortSignal,
  report: (message: string) => void,
  wait: Pause,
): Promise<void> {
  let waited = 0
  for (const [index, id] of changeIds.entries()) {
    while (!(await isInSync(client, id, signal))) {
      report(`${index} of ${changeIds.length} writes are on every name server`)
      if (waited >= PATIENCE) throw notInSync(changeIds.length - index)
      await wait(INTERVAL, signal).catch(() => {
        throw cancelled()
      })
      waited += INTERVAL
    }
  }
  if (changeIds.length > 0) report(`every write is on every name server`)
}

function notInSync(count: number): MailsyncError {
  const writes = count === 1 ? '1 write is' : `${count} writes are`
  return new MailsyncError('timeout', `${writes} not on every Route 53 name server after ten minutes`, {
    hint: 'they are written and will arrive; see the AWS Health Dashboard if they do not',
  })
}
