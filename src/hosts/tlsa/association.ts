import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { USAGE } from '../../../records/families/tlsa/read-tlsa.js'
import type { Tlsa } from '../../../records/rr/rdata.js'
import type { TlsaSpec } from '../../../records/spec.js'

/** A block of a PEM file. */
export interface PemBlock {
  readonly pem: string
  /** What it holds, as its first line says it. */
  readonly label: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g
const CERTIFICATES: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']

export function pemBlocks(text: string): readonly PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([pem, label = '']) => ({ pem, label }))
}

export function isCertificate({ label }: PemBlock): boolean {
  return CERTIFICATES.includes(label)
}

/** The certificates of a PEM file in their order. Throws what OpenSSL says of one that is damaged. */
export function certificatesIn(text: string): readonly X509Certificate[] {
  return pemBlocks(text)
    .filter(isCertificate)
    .map(({ pem }) => new X509Certificate(pem))
}

/** SHA-256 of the SubjectPublicKeyInfo (RFC 6698 §2.1). */
export function associationOf(key: KeyObject, usage: TlsaSpec['usage']): Tlsa {
  const spki = key.export({ type: 'spki', format: 'der' })
  const data = createHash('sha256').update(spki).digest('hex')
  return { usage: usage === 'ee' ? USAGE.server : USAGE.trustAnchor, selector: 1, matching: 1, data }
}
