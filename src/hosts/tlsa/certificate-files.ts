import { createPrivateKey, type X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { MailsyncError } from '../../../records/error.js'
import { rdataText } from '../../../records/rr/rdata.js'
import type { RolledCertificate, TlsaSpec } from '../../../records/spec.js'
import { associationOf, certificatesIn, pemBlocks } from './association.js'

/** A renewed certificate as the server is to get it. */
export interface Renewal {
  readonly association: string
  /** The text of the file for the server: the private key, then the chain. A secret. */
  readonly pem: string
  readonly certificate: X509Certificate
}

/** What is on this machine of a certificate. */
export interface CertificateFiles {
  /** Absent where it is not here. */
  readonly renewal?: Renewal
  /** The key of what is installed; absent where nothing is. */
  readonly installed?: string
  /** What is installed has the key of the renewal, and is not the renewal. */
  readonly isOutdated: boolean
}

/**
 * The chain and its private key, by the folder or file that a spec names. certbot: `live/NAME/` with `fullchain.pem` and `privkey.pem`.
 * acme.sh: `NAME/` or `NAME_ecc/` with `fullchain.cer` and `NAME.key`. lego: `certificates/NAME.crt` with `NAME.key` beside.
 */
function filesOf(
  { certificate, key }: RolledCertificate,
  folder: string,
): { readonly chain: string; readonly key: string }[] {
  const path = resolve(folder, certificate)
  const own = (chain: string, usual: string) => ({ chain, key: key === undefined ? usual : resolve(folder, key) })
  return [
    own(join(path, 'fullchain.pem'), join(path, 'privkey.pem')),
    own(join(path, 'fullchain.cer'), join(path, `${basename(path).replace(/_ecc$/, '')}.key`)),
    own(
      path,
      basename(path) === 'fullchain.pem' ? join(dirname(path), 'privkey.pem') : `${withoutExtension(path)}.key`,
    ),
  ]
}

function withoutExtension(path: string): string {
  return path.slice(0, path.length - extname(path).length)
}

/**
 * Looks at the files of a certificate.
 *
 * Throws {@link MailsyncError} `spec` where the private key is of another certificate, as while it is renewed, or a file is damaged, and
 * `io` where one cannot be read.
 *
 * @param folder of the spec
 */
export function readCertificateFiles(
  rolled: RolledCertificate,
  folder: string,
  { usage }: Pick<TlsaSpec, 'usage'>,
): CertificateFiles {
  const renewal = readRenewal(rolled, folder, usage)
  const file = resolve(folder, rolled.install)
  const installed = textOf(file, FILE_LIMITS.privateKey)
  const chain = installed === undefined ? [] : chainIn(installed, file)
  const association = chain[0] && keyOfChain(chain, usage, file)
  return {
    ...(renewal && { renewal }),
    ...(association !== undefined && { installed: association }),
    isOutdated: renewal !== undefined && renewal.association === association && renewal.pem !== installed,
  }
}

function readRenewal(rolled: RolledCertificate, folder: string, usage: TlsaSpec['usage']): Renewal | undefined {
  for (const { chain: file, key } of filesOf(rolled, folder)) {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
      throw unfit(
        file,
        'it is a folder with neither fullchain.pem nor fullchain.cer',
        'name the folder or file where the ACME client has the certificate: tlsa.roll.certificate',
      )
    const text = textOf(file, FILE_LIMITS.privateKey)
    if (text === undefined) continue
    const chain = chainIn(text, file)
    const [certificate] = chain
    if (certificate === undefined)
      throw unfit(file, 'it holds no certificate', 'name the chain that the ACME client writes')
    const secret = textOf(key, FILE_LIMITS.privateKey)
    if (secret === undefined)
      throw unfit(key, 'it is not there, and has to be the private key', 'name it: tlsa.roll.key')
    assertPair(certificate, secret, file, key)
    const pem = [...pemBlocks(secret), ...pemBlocks(text)].map((block) => `${block.pem}\n`).join('')
    return { association: keyOfChain(chain, usage, file), pem, certificate }
  }
  return undefined
}

/** What senders know a chain by: the key of the server, or that of the CA that signed it. */
function keyOfChain(chain: readonly X509Certificate[], usage: TlsaSpec['usage'], file: string): string {
  const known = chain[usage === 'ee' ? 0 : 1]
  if (known === undefined)
    throw unfit(
      file,
      'it has no certificate of the CA, and the spec says usage: ta',
      'name the whole chain, or leave usage out',
    )
  return rdataText('TLSA', associationOf(known.publicKey, usage))
}

function assertPair(certificate: X509Certificate, secret: string, file: string, key: string): void {
  let isPair = false
  try {
    isPair = certificate.checkPrivateKey(createPrivateKey(secret))
  } catch {
    throw unfit(
      key,
      'it holds no private key that can be read',
      'name the private key of the certificate: tlsa.roll.key',
    )
  }
  if (!isPair)
    throw unfit(
      key,
      `it is not the private key of ${file}`,
      'is it being renewed just now? Run it again; else name the key of this certificate: tlsa.roll.key',
    )
}

function chainIn(text: string, file: string): readonly X509Certificate[] {
  try {
    return certificatesIn(text)
  } catch (error) {
    throw unfit(
      file,
      `a certificate in it cannot be read: ${(error as Error).message}`,
      'look at it with openssl x509 -in FILE -text',
    )
  }
}

function unfit(file: string, message: string, hint: string): MailsyncError {
  return new MailsyncError('spec', `${file}: ${message}`, { where: { file }, hint })
}

function textOf(file: string, limit: number): string | undefined {
  try {
    return readRegularFile(file, limit).toString('latin1')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw fileError(error, file)
  }
}
