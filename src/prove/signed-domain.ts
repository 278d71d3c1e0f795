import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { MailsyncError } from '../../records/error.js'
import { displayName, withoutDot } from '../../records/rr/name.js'
import { readPrivateHalf } from '../dkim/keystore/private/private-half.js'
import type { Signer } from '../dkim/rotation/signers.js'

/** A message of a domain, by one of the keys that sign for it. */
export interface SignedMessage {
  readonly signer: Pick<Signer, 'domain' | 'selector'> & {
    /** Without its public key where a relay publishes that, and may change it. */
    readonly key: { readonly publicKey?: string | undefined }
  }
  /** The message with its signature; undefined where the private half of the key is not here. */
  readonly text: string | undefined
}

/** Where private keys are, and what opens them. */
export interface KeyPlace {
  readonly directory: string
  readonly identities: readonly string[]
}

/**
 * A message of a domain for each of the keys that sign for it, signed where the private half is here.
 *
 * @param now seconds since 1970
 */
export async function signedMessages(
  signers: readonly Signer[],
  { directory, identities }: KeyPlace,
  now: number,
): Promise<SignedMessage[]> {
  const signTime = new Date(now * 1000)
  return Promise.all(
    signers.map(async (signer): Promise<SignedMessage> => {
      const { domain, selector, key } = signer
      const privateKey = await readPrivateHalf(directory, key, identities)
      if (privateKey === undefined) return { signer, text: undefined }
      const mail = messageOf(withoutDot(domain), signTime)
      const { signatures, errors } = await dkimSign(mail, {
        signTime,
        signatureData: [{ signingDomain: withoutDot(domain), selector, privateKey }],
      })
      const [fault] = errors
      if (fault)
        throw new MailsyncError('io', `${selector} of ${displayName(domain)} cannot sign: ${fault.err.message}`)
      return { signer, text: signatures + mail }
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
