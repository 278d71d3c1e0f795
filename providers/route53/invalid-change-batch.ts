import { MailsyncError } from '../../records/error.js'
import { type Change, keyOf, subjectOf } from '../../records/rrset.js'
import { toNativeName } from './domain-name.js'

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
export function refusal(changes: readonly Change[], cause: unknown): MailsyncError {
  const text = messagesOf(cause as InvalidChangeBatchError).join('; ')
  const named = changes.find((change) => text.includes(toNativeName(subjectOf(change).name).slice(0, -1)))
  return new MailsyncError('rejected', `Route 53 refuses the change: ${text}`, {
    where: named ? { record: keyOf(subjectOf(named)) } : {},
    hint: 'nothing of this request was written',
    apiCode: 'InvalidChangeBatch',
    cause,
  })
}

function messagesOf({ message, messages = [], Messages }: InvalidChangeBatchError): readonly string[] {
  const listed = [...messages, ...[Messages?.Message ?? []].flat()]
  return listed.length > 0 ? listed : [message]
}
