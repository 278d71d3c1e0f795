import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { USAGE } from '../../../../records/families/tlsa/read-tlsa.js'
import type { Tlsa } from '../../../../records/rr/rdata.js'

/** What a sender with DANE makes of a server: the record that it is known by, or why it is known by none. */
export type DaneMatch = { readonly match: Tlsa } | { readonly why: string }

export interface DaneServer {
  /** What the server shows, its own certificate first; nothing that it does not show. */
  readonly chain: readonly X509Certificate[]
  /** Without the final dot. */
  readonly name: string
  readonly now: Date
}

const [WHOLE, SHA256, SHA512] = [0, 1, 2]

/**
 * Whether a sender with DANE knows a server by any of its records (RFC 7671 §5, RFC 7672 §3.1). For the server's own
 * certificate neither its name nor its dates count (§5.1); a CA must be above it, with every signature, date and name in order
 * (§5.2). Of several digests only the strongest counts (RFC 7671 §9).
 *
 * @param records those that senders can use
 */
export function daneMatch(records: readonly Tlsa[], server: DaneServer): DaneMatch {
  const whys: string[] = []
  for (const record of strongest(records)) {
    const why = record.usage === USAGE.server ? whyNotOwn(record, server) : whyNotAbove(record, server)
    if (why === undefined) return { match: record }
    whys.push(why)
  }
  // What fits but for something else says more than that nothing does.
  return { why: whys.find((why) => why !== NOT_SHOWN) ?? NOT_SHOWN }
}

const NOT_SHOWN = 'none of its TLSA fits a certificate that it shows'

function strongest(records: readonly Tlsa[]): Tlsa[] {
  const hasStronger = ({ usage, selector }: Tlsa): boolean =>
    records.some((one) => one.usage === usage && one.selector === selector && one.matching === SHA512)
  return records.filter((one) => one.matching !== SHA256 || !hasStronger(one))
}

function whyNotOwn(record: Tlsa, { chain: [own, ...above] }: DaneServer): string | undefined {
  if (own && fits(record, own)) return undefined
  return above.some((one) => fits(record, one))
    ? 'its TLSA of usage 3 is that of its CA, which usage 2 is for'
    : NOT_SHOWN
}

function whyNotAbove(record: Tlsa, { chain, name, now }: DaneServer): string | undefined {
  const [own, ...above] = chain
  if (own === undefined) return NOT_SHOWN
  const depth = above.findIndex((one) => fits(record, one)) + 1
  const bare = depth === 0 && record.matching === WHOLE ? wholeOf(record) : undefined
  if (depth === 0 && bare === undefined)
    return fits(record, own) ? 'its TLSA of usage 2 is that of its own certificate, which usage 3 is for' : NOT_SHOWN
  const path = depth === 0 ? chain : chain.slice(0, depth + 1)
  const certificates = bare instanceof X509Certificate ? [...path, bare] : path
  const key = bare && !(bare instanceof X509Certificate) ? bare : undefined
  const isSigned = certificates.every((one, index) => {
    const next = certificates[index + 1]
    if (next) return one.checkIssued(next) && one.verify(next.publicKey)
    return key === undefined || one.verify(key)
  })
  if (!isSigned) return bare ? NOT_SHOWN : 'the certificates that it shows do not lead to the CA of its TLSA'
  if (certificates.slice(1).some(({ ca }) => !ca)) return 'what its TLSA of usage 2 is that of is no CA'
  const other = certificates.find((one) => now < new Date(one.validFrom) || now > new Date(one.validTo))
  if (other)
    return `its TLSA of usage 2 is of its CA, and a certificate has expired: ${other.subject.replaceAll('\n', ', ')}`
  return own.checkHost(name) === undefined
    ? `its TLSA of usage 2 is of its CA, and its certificate is not for ${name}`
    : undefined
}

function fits({ selector, matching, data }: Tlsa, certificate: X509Certificate): boolean {
  const octets = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' })
  const digest = matching === SHA256 ? 'sha256' : 'sha512'
  const shown = matching === WHOLE ? octets : createHash(digest).update(octets).digest()
  return shown.toString('hex') === data.toLowerCase()
}

/** The certificate or key that a record holds whole; undefined where it can be read as none. */
function wholeOf({ selector, data }: Tlsa): X509Certificate | KeyObject | undefined {
  try {
    const octets = Buffer.from(data, 'hex')
    return selector === 0 ? new X509Certificate(octets) : createPublicKey({ key: octets, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
