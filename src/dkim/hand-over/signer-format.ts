import type { DkimAlgorithm } from '../../../records/families/dkim/dkim-key.js'
import type { HandedDomain, HandedKey } from './signing-keys.js'

/** A file for a signer. */
export interface HandedFile {
  /** Below the folder it is handed over in, with `/`. */
  readonly path: string
  readonly text: string
  /** `private`: for the signer's user alone; `program`: to be run; else everybody may read it. */
  readonly kind?: 'private' | 'program'
}

/** What a format is made from. */
export interface SignerView {
  readonly domains: readonly HandedDomain[]
  readonly keys: readonly HandedKey[]
  /** Where the signer finds the folder: an absolute path on its machine, or in its container. */
  readonly place: string
}

/** How a signer wants its keys, and is told which of them sign. Pure: the same keys always give the same octets. */
export interface SignerFormat {
  readonly title: string
  /** Where its folder usually is. */
  readonly place: string
  /** Whether it is always there for the signer, as in a container, wherever the folder lies outside. */
  readonly isMounted?: true
  /** The user that the signer runs as, who must own the private keys; absent: no user but the one who runs what is handed over. */
  readonly user?: string
  /** Set where it signs with RSA alone. */
  readonly isRsaOnly?: true
  /** Set where a domain has one key that signs: the first one. */
  readonly isOneKey?: true
  /** Files in the order in which they are to be written: what others name comes first. */
  files(view: SignerView): readonly HandedFile[]
  /** The files that hold the private key with this name, in case it is to sign no more. */
  keyPaths(id: string): readonly string[]
  /** What is to be done once the files are there, the first time and each time. @param place as the signer sees it */
  once(place: string): string
  readonly reload: string
}

export function isRsa(algorithm: DkimAlgorithm): boolean {
  return algorithm !== 'ed25519'
}

/** First line of what is written: whoever finds the file must know where to change it. */
export const MADE_BY = 'Made by `mailsync dkim export`, which writes it again: change the spec, not this file.'

/** A file a key, as PEM of PKCS#8 or in another form. */
export function keyFilesOf(
  keys: readonly HandedKey[],
  pathOf: (id: string) => string,
  textOf: (key: HandedKey) => string = ({ pem }) => pem,
): HandedFile[] {
  return keys.map((key) => ({ path: pathOf(key.id), text: textOf(key), kind: 'private' }))
}

/** Lines, each ended. */
export function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
