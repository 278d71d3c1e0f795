import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { fileError, Unreadable } from '../../../providers/files/file-error.js'
import { MailsyncError } from '../../../records/error.js'
import { readTlsa } from '../../../records/families/tlsa/read-tlsa.js'
import type { RollKey } from '../../../records/families/tlsa/roll/roll-key.js'
import type { Finding } from '../../../records/finding.js'
import { displayName } from '../../../records/rr/name.js'
import { rdataText } from '../../../records/rr/rdata.js'
import type { Host, Located, TlsaAssociation, TlsaSpec } from '../../../records/spec.js'
import { associationOf, certificatesIn, isCertificate, pemBlocks } from '../../hosts/tlsa/association.js'
import { parseRollFile, ROLL_FILE_HINT, rollFile } from '../../hosts/tlsa/roll-file.js'

type ReadFile = (path: string) => Promise<Uint8Array>

/** Why a file gives no key. */
class NoKey extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/** The hosts with the keys of their certificates. Every file that gives none is a finding. @param file of the spec */
export async function readCertificates(
  hosts: readonly Host[],
  file: string,
  readFile: ReadFile,
): Promise<{ hosts: readonly Host[]; findings: readonly Finding[] }> {
  const findings: Finding[] = []
  const remembered = async ({ name, tlsa }: Host): Promise<readonly RollKey[]> => {
    const path = rollFile(file, name)
    const fault = (message: string): void =>
      void findings.push({
        rule: 'tlsa-roll-file',
        severity: 'error',
        from: tlsa?.from ?? [],
        message,
        hint: ROLL_FILE_HINT,
      })
    try {
      const parsed = parseRollFile(Buffer.from(await readFile(resolve(path))).toString('utf8'))
      if (!('error' in parsed)) return parsed.keys
      fault(`${path} is malformed: ${parsed.error}`)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      const refused = fileError(error, path)
      if (!(refused instanceof MailsyncError)) throw error
      fault(refused.message)
    }
    return []
  }
  const read = async (host: Host): Promise<Host> => {
    const { tlsa } = host
    if (!tlsa || tlsa.files.length + tlsa.roll.length === 0) return host
    const rollKeys = tlsa.roll.length === 0 ? [] : await remembered(host)
    const [place = { from: tlsa.from }] = tlsa.roll
    const rolled = rollKeys.flatMap(({ association }) => {
      const { value } = readTlsa(association)
      return value === undefined ? [] : [{ value, from: place.from }]
    })
    const found = await Promise.all(
      tlsa.files.map(async (one) => {
        try {
          const octets = await readFile(resolve(dirname(file), one.value))
          return associationsIn(Buffer.from(octets).toString('latin1'), one, tlsa)
        } catch (error) {
          findings.push(unread(error, one))
          return []
        }
      }),
    )
    const associations = [...tlsa.associations, ...found.flat(), ...rolled]
    findings.push(
      ...(await uncovered(host, { ...tlsa, associations }, async (path) => readFile(resolve(dirname(file), path)))),
    )
    return { ...host, tlsa: { ...tlsa, rollKeys, associations } }
  }
  return { hosts: await Promise.all(hosts.map(read)), findings }
}

/** What is installed for a server on this machine, and has a key that no association knows. */
async function uncovered(
  { name }: Host,
  { roll, usage, associations }: TlsaSpec,
  readFile: ReadFile,
): Promise<Finding[]> {
  const found = await Promise.all(
    roll.map(async ({ value: { install }, from }): Promise<Finding[]> => {
      try {
        const certificates = certificatesIn(Buffer.from(await readFile(install)).toString('latin1'))
        const known = certificates[usage === 'ee' ? 0 : 1]
        const text = known && rdataText('TLSA', associationOf(known.publicKey, usage))
        if (text === undefined || associations.some(({ value }) => rdataText('TLSA', value) === text)) return []
        return [
          {
            rule: 'tlsa-not-covered',
            severity: 'warning',
            from,
            message: `the certificate in ${install} has the key ${text}, which is not among those published for ${displayName(name)}: senders with DANE refuse it`,
            hint: 'run `mailsync tlsa roll`, and commit the file that it writes below tlsa/',
          },
        ]
      } catch {
        return [] // It is not here, or is no certificate: `mailsync tlsa roll` tells where it matters.
      }
    }),
  )
  return found.flat()
}

function unread(error: unknown, { value, from }: Located<string>): Finding {
  const common = { rule: 'tlsa-certificate', severity: 'error', from } as const
  if (error instanceof NoKey || error instanceof Unreadable)
    return { ...common, message: `${value}: ${error.message}`, hint: error.hint }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    return {
      ...common,
      message: `${value} is not there`,
      hint: 'the path is relative to the spec; copy the certificate or public key there, it holds no secret',
    }
  const refused = fileError(error, value)
  if (!(refused instanceof MailsyncError)) throw error
  return { ...common, message: refused.message, ...(refused.hint !== undefined && { hint: refused.hint }) }
}

/** What a PEM file gives: the key of its first certificate, or those of the CAs after it; or a public key alone. */
function associationsIn(text: string, { from }: Located<string>, { usage }: TlsaSpec): TlsaAssociation[] {
  const blocks = pemBlocks(text)
  const certificates = blocks.filter(isCertificate).map(({ pem }) => certificateIn(pem))
  if (certificates.length > 0) return chosen(certificates, usage).map((one) => ({ ...ofCertificate(one, usage), from }))
  const key = blocks.find(({ label }) => label.endsWith('PUBLIC KEY'))
  if (key) return [{ value: associationOf(publicKeyIn(key.pem), usage), from }]
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY')))
    throw new NoKey(
      'it holds a private key, which is not wanted here',
      'name the certificate, or the public key alone: openssl pkey -in FILE -pubout',
    )
  throw new NoKey(
    'it holds neither a certificate nor a public key in PEM',
    'openssl x509 -inform DER -in FILE writes a certificate as PEM',
  )
}

/** The certificate of the server, or the CAs: those after it, or the only one where the file has one. */
function chosen(certificates: readonly X509Certificate[], usage: TlsaSpec['usage']): readonly X509Certificate[] {
  const [first, ...chain] = certificates as readonly [X509Certificate, ...X509Certificate[]]
  if (usage === 'ee') return [first]
  const anchors = chain.length > 0 ? chain : [first]
  const other = anchors.find(({ ca }) => !ca)
  if (other)
    throw new NoKey(
      `usage: ta wants certificates of CAs, and that of ${subjectOf(other)} is none`,
      'name the file with the chain, or leave usage out to publish the key of the server',
    )
  return anchors
}

function subjectOf({ subject }: X509Certificate): string {
  return subject === '' ? 'an unnamed subject' : subject.replaceAll('\n', ', ')
}

function certificateIn(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw new NoKey(
      `a certificate in it cannot be read: ${(error as Error).message}`,
      'is it whole? look at it with openssl x509 -in FILE -text',
    )
  }
}

function publicKeyIn(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch (error) {
    throw new NoKey(
      `the public key in it cannot be read: ${(error as Error).message}`,
      'is it whole? look at it with openssl pkey -pubin -in FILE -text',
    )
  }
}

function ofCertificate(certificate: X509Certificate, usage: TlsaSpec['usage']): Omit<TlsaAssociation, 'from'> {
  const validUntil = new Date(certificate.validTo).toISOString().slice(0, 10)
  const value = associationOf(certificate.publicKey, usage)
  return { value, validUntil, ...(usage === 'ta' && { authority: authorityOf(certificate) }) }
}

/** `Let's Encrypt YE1` */
function authorityOf({ subject }: X509Certificate): string {
  const field = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(subject)?.[1] ?? ''
  return `${field('O')} ${field('CN')}`.trim()
}
