import { FILE_LIMITS, readRegularFile } from '../../../../providers/files/read-file.js'
import { quoted } from '../../../../records/cut.js'
import { MailsyncError } from '../../../../records/error.js'

/** Text that only the recipients can read, in age's armour. Throws {@link MailsyncError} `spec` for a recipient that age does not know. */
export async function seal(text: string, recipients: readonly string[]): Promise<string> {
  const { armor, Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients)
    try {
      encrypter.addRecipient(recipient)
    } catch {
      throw new MailsyncError('spec', `${quoted(recipient)} is no recipient that age knows`, {
        hint: 'take the public key that `age-keygen` prints, age1…; correct keys.recipients or dkim.recipients',
      })
    }
  return armor.encode(await encrypter.encrypt(text))
}

/**
 * The text of a file that age encrypted. Throws {@link MailsyncError} `io`, which quotes nothing of it, where none of the
 * identities opens it, or it is damaged.
 */
export async function unseal(sealed: string, identities: readonly string[], file: string): Promise<string> {
  const { armor, Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  let octets: Uint8Array
  try {
    octets = armor.decode(sealed)
  } catch {
    throw unreadable(file, 'is damaged: it is not in the armour of age')
  }
  try {
    return await decrypter.decrypt(octets, 'text')
  } catch {
    throw unreadable(file, 'is opened by none of the identities, or it is damaged')
  }
}

/** The identities in a file as `age-keygen` writes it. Throws {@link MailsyncError} `io`, which quotes nothing of it. */
export async function readIdentities(file: string): Promise<readonly string[]> {
  const lines = readRegularFile(file, FILE_LIMITS.privateKey).toString().split('\n')
  const identities = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  const { Decrypter } = await import('age-encryption')
  const isKnown = (identity: string): boolean => {
    try {
      new Decrypter().addIdentity(identity)
      return true
    } catch {
      return false
    }
  }
  if (identities.length > 0 && identities.every(isKnown)) return identities
  throw new MailsyncError('io', `${file} holds no identity of age`, {
    where: { file },
    hint: 'name the file that `age-keygen` wrote, with its line AGE-SECRET-KEY-1…',
  })
}

function unreadable(file: string, fault: string): MailsyncError {
  return new MailsyncError('io', `${file} ${fault}`, {
    where: { file },
    hint: 'see that --identity names the right file, and that the index lists its recipient',
  })
}
