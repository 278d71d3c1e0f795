import type { Route53Client } from '@aws-sdk/client-route-53'
import { cancelled } from '../refusal.js'
import { changeRecordSets } from './api.js'
import { statusOf } from './api-error.js'
import type { Batch } from './batch.js'

export interface Destination {
  readonly client: Route53Client
  readonly zoneId: string
}

export type Sent =
  | { readonly kind: 'accepted'; readonly changeId: string }
  | {
      readonly kind: 'failed'
      readonly error: unknown
      /** An attempt may have reached Route 53 although no reply came: the SDK tries again, and meets its own change. */
      readonly inDoubt: boolean
    }

/** Sends one batch with the SDK's retries. Once the signal aborts, the attempt under way ends and no other begins. */
export async function sendBatch(
  { client, zoneId }: Destination,
  { elements }: Batch,
  signal: AbortSignal,
): Promise<Sent> {
  let inDoubt = false
  try {
    const changeId = await changeRecordSets(client, zoneId, elements, async (attempt) => {
      if (signal.aborted) throw cancelled()
      try {
        return await attempt()
      } catch (error) {
        inDoubt ||= mayHaveArrived(error)
        throw error
      }
    })
    return { kind: 'accepted', changeId }
  } catch (error) {
    return { kind: 'failed', error, inDoubt }
  }
}

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

function mayHaveArrived(error: unknown): boolean {
  const status = statusOf(error)
  if (status !== undefined) return status < 400 || status >= 500
  return !NEVER_SENT.has((error as NodeJS.ErrnoException).code ?? '')
}
