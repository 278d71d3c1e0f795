import { cut } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'

/** Octets of one reply. The largest page of a listing takes a quarter of it. */
export const REPLY_LIMIT = 64 * 2 ** 20

/** A reply that is larger than {@link REPLY_LIMIT}. */
export function endlessReply(who: string): MailsyncError {
  return new MailsyncError('unavailable', `${who} sent more than ${REPLY_LIMIT / 2 ** 20} MiB in one reply`, {
    hint: 'look for a proxy in between; a reply of the API is never so long',
  })
}

/** What a body holds; throws {@link endlessReply} where it is more than a reply can be. */
export async function wholeBody(chunks: AsyncIterable<Uint8Array>, who: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let octets = 0
  for await (const chunk of chunks) {
    octets += chunk.length
    if (octets > REPLY_LIMIT) throw endlessReply(who)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** A provider's own words, short enough for one message. */
export function shortened(text: string): string {
  return cut(text, 300)
}
