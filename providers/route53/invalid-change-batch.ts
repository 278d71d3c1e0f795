import { MailsyncError } from '../../records/error.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
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
export function refusal(changes: readonly Change[], error: unknown): MailsyncError {
  const text = messagesOf(error as InvalidChangeBatchError).join('; ')
  const named = changes.length === 1 ? changes[0] : namedIn(text, changes)
  return new MailsyncError('rejected', `Route 53 refuses the change: ${text}`, {
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
