import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { MailsyncError } from '../../records/error.js'
import type { RingKey } from '../../records/families/dkim/rotation/ring-key.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import { readPrivateHalf } from '../keystore/private-half.js'

/** A message of a domain, by one of the keys that sign for it. */
export interface SignedMessage {
  readonly key: RingKey
  /** The message with its signature; undefined where the private half of the key is not here. */
  readonly text: string | undefined
}

/** Where private keys are, and what opens them. */
export interface KeyPlace {
  readonly directory: string
  readonly identities: readonly string[]
}

/**
 * A message of a domain for each of its keys, signed where the private half is here.
 *
 * @param keys those that sign for the domain
 * @param now seconds since 1970
 */
export async function signedMessages(
  domain: Name,
  keys: readonly RingKey[],
  { directory, identities }: KeyPlace,
  now: number,
): Promise<SignedMessage[]> {
  const mail = messageOf(withoutDot(domain), new Date(now * 1000))
  return Promise.all(
    keys.map(async (key): Promise<SignedMessage> => {
      const privateKey = await readPrivateHalf(directory, key, identities)
      if (privateKey === undefined) return { key, text: undefined }
      const { signatures, errors } = await dkimSign(mail, {
        signTime: new Date(now * 1000),
        signatureData: [{ signingDomain: withoutDot(domain), selector: key.selector, privateKey }],
      })
      const [fault] = errors
      if (fault) throw new MailsyncError('io', `${key.selector} of ${domain} cannot sign: ${fault.err.message}`)
      return { key, text: signatures + mail }
    }),
  )
}

function messageOf(domain: string, date: Date): string {
  return [
    `From: postmaster@${domain}`,
    `To: postmaster@${domain}`,
    'Subject: mailsync',
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <mailsync.${date.getTime()}@${domain}>`,
    '',
    'A message that is never sent.',
    '',
  ].join('\r\n')
}
