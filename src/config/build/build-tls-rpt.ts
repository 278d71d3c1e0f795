import { quoted } from '../../../records/cut.js'
import { mailto, readAddress } from '../../../records/families/dmarc/report-uri.js'
import { readTlsRpt, writeTlsRpt } from '../../../records/families/tls-rpt/read-tls-rpt.js'
import type { SpecPath } from '../../../records/finding.js'
import type { TlsRptSpec } from '../../../records/spec.js'
import { placesOf, type Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'

/** The `tls_rpt` of a domain, with the defaults merged in. */
export function buildTlsRpt(
  reading: Reading,
  raw: RawDomain['tls_rpt'],
  defaults: RawDefaults['tls_rpt'],
  from: SpecPath,
): TlsRptSpec | false {
  if (raw === false || (raw === undefined && defaults === undefined)) return false
  const { rua } = { ...defaults, ...raw }
  const place = placesOf(raw, from)('rua')
  if (rua === undefined) {
    reading.report('tls-rpt-to-nobody', from, 'it does not say who gets the reports', 'write rua: [tls@example.com]')
    return false
  }
  const uris = rua.flatMap((text, index) => reportUri(reading, text, [...place, index]))
  return { rua: [...new Set(uris)], from }
}

/** An address or an `https:` URI as a URI that the record can have. */
function reportUri(reading: Reading, text: string, path: SpecPath): string[] {
  const address = /^https:/i.test(text) ? undefined : readAddress(text)
  const uri = address ? mailto(address) : encoded(text)
  const [fault] = readTlsRpt(writeTlsRpt({ rua: [uri], extensions: [] })).faults
  if (fault === undefined) return [uri]
  const message = `${quoted(text)} is neither a mail address nor an https: URI (RFC 8460 §3)`
  reading.report('report-address', path, message, 'write it as tls@example.com or https://reports.example.com/tls')
  return []
}

/** What would end the URI, percent-encoded. */
function encoded(uri: string): string {
  return uri.replace(/[,!;]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
