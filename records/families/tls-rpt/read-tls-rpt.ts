import { mailto, readAddress } from '../dmarc/report-uri.js'
import { type Field, readFields, writeFields } from '../field-list.js'
import { type Fault, none, type Reading, readTxt } from '../reading.js'
import { isOfVersion, strip, WSP } from '../tag-list.js'

/** Where reports about TLS on the way to a domain go (RFC 8460 §3). */
export interface TlsRptRecord {
  /** `mailto:` and `https:` URIs; one at least. */
  readonly rua: readonly string[]
  /** Fields that senders ignore. */
  readonly extensions: readonly Field[]
}

const SECTION = 'RFC 8460 §3'
const VERSION = 'v=TLSRPTv1'
/** What a URI is made of (RFC 3986 §2), without `,` `!` and `;`, which are to be percent-encoded here. */
const URI = /^[a-z][a-z0-9+.-]*:(?:[\w.~:/?#[\]@$&'()*+=-]|%[0-9a-f]{2})*$/i

/** Whether a TXT value is meant as a TLS reporting policy. */
export function isTlsRptValue(value: string): boolean {
  return isOfVersion(value, 'TLSRPTv1')
}

/** Reads the TXT value of `_smtp._tls` (RFC 8460 §3). */
export function readTlsRpt(text: string): Reading<TlsRptRecord> {
  return readTxt(text, (value) => {
    const list = readFields(value, { version: VERSION, section: SECTION, known: ['rua'] })
    const faults: Fault[] = [...list.faults]
    const wrong = (message: string): void => void faults.push({ section: SECTION, message })
    const written = list.fields.get('rua')
    if (written === undefined) {
      wrong('there is no rua=')
      return none(faults)
    }
    const uris = written.split(',').map((part) => strip(part, WSP))
    const odd = uris.filter((uri) => !URI.test(uri))
    for (const uri of odd)
      wrong(`${uri === '' ? 'an empty address' : uri} in rua: it is no URI with , ! and ; percent-encoded`)
    const rua = uris
      .filter((uri) => !odd.includes(uri))
      .filter((uri) => {
        const isUsed = isTarget(uri)
        if (!isUsed) wrong(`${uri} in rua: reports go to mailto: and https: only`)
        return isUsed
      })
    if (!list.isRecord || odd.length > 0 || rua.length === 0) return none(faults)
    return { value: { rua, extensions: list.extensions }, faults }
  })
}

/** The TXT value of a record. */
export function writeTlsRpt({ rua, extensions }: TlsRptRecord): string {
  return writeFields(VERSION, [{ name: 'rua', value: rua.join(',') }, ...extensions])
}

/** Whether reports can be sent to a URI. */
function isTarget(uri: string): boolean {
  return meaningOfUri(uri) !== undefined
}

/** A URI in the one form that all of the same meaning have; undefined where no report can be sent to it. */
export function meaningOfUri(uri: string): string | undefined {
  if (/^mailto:/i.test(uri)) {
    const [address = '', ...query] = uri.split('?')
    const read = readAddress(address)
    return read && [mailto(read), ...query].join('?')
  }
  return /^https:\/\/[^/?#]/i.test(uri) && URL.canParse(uri) ? new URL(uri).href : undefined
}
