import { MailsyncError } from '../../records/error.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type AwsService, explainAws } from '../aws/errors.js'
import { throttled, unusable } from '../aws/explanations.js'
import { shortened } from '../http/reply.js'
import { toNativeName } from './spelling.js'

const THROTTLED = throttled({
  message: 'Route 53 still refuses for too many requests',
  hint: 'an account has five requests a second for all its tools together; run again in a minute, or when the others are quiet',
})

/** Amazon Route 53, with the codes of its own error pages, as read 2026-11. */
export const ROUTE53: AwsService = {
  name: 'Route 53',
  endpointVariable: 'AWS_ENDPOINT_URL_ROUTE_53',
  explanations: {
    ...unusable('Route 53'),
    ...THROTTLED,
    PriorRequestNotComplete: {
      code: 'rate-limited',
      message: 'Route 53 is still busy with an earlier change to this zone',
      hint: 'something else writes to the zone; run again when it is done',
      quoted: true,
    },
    NoSuchHostedZone: {
      code: 'zone-not-found',
      message: 'the hosted zone is gone',
      hint: 'it was deleted, or zone_id names another account’s zone',
      quoted: true,
    },
  },
}

/** What the SDK threw in the user's words, as `explainAws` does. */
export function explain(error: unknown, action: string): MailsyncError {
  return explainAws(error, action, ROUTE53)
}

/** The two bodies of an InvalidChangeBatch as the SDK gives them. */
interface InvalidChangeBatchError extends Error {
  readonly messages?: readonly string[]
  readonly Messages?: { readonly Message?: string | readonly string[] }
}

/** The body with `<Messages>` instead of `<Error>` has no code, so the SDK calls it Unknown (checked 2026-11, 3.1169). */
export function isInvalidChangeBatch(error: unknown): boolean {
  const { name, Messages } = error as InvalidChangeBatchError
  return name === 'InvalidChangeBatch' || (name === 'Unknown' && Messages !== undefined)
}

/** The failure of a batch whose sets stand as planned: the reason is another, and the messages name the record. */
export function refusal(changes: readonly Change[], error: unknown): MailsyncError {
  const text = messagesOf(error as InvalidChangeBatchError).join('; ')
  const named = changes.length === 1 ? changes[0] : namedIn(text, changes)
  return new MailsyncError('rejected', `Route 53 refuses the change: ${shortened(text)}`, {
    where: named ? { record: keyOf(subjectOf(named)) } : {},
    hint: 'nothing of this request was written',
    apiCode: 'InvalidChangeBatch',
  })
}

/** The change with the longest name in the text: the name of the zone is part of all the others. */
function namedIn(text: string, changes: readonly Change[]): Change | undefined {
  const nameOf = (change: Change): string => toNativeName(subjectOf(change).name).slice(0, -1)
  return changes
    .filter((change) => text.includes(nameOf(change)))
    .sort((a, b) => nameOf(b).length - nameOf(a).length)[0]
}

function messagesOf({ message, messages = [], Messages }: InvalidChangeBatchError): readonly string[] {
  const listed = [...messages, ...[Messages?.Message ?? []].flat()]
  return listed.length > 0 ? listed : [message]
}
