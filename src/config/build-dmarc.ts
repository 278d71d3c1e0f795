import { mailto, readAddress } from '../../records/families/dmarc/report-uri.js'
import type { SpecPath } from '../../records/finding.js'
import type { DmarcSpec } from '../../records/spec.js'
import { placesOf, type Reading } from './reading.js'
import type { RawDefaults, RawDomain } from './schema.js'

/** The `dmarc` of a domain, with the defaults merged in. */
export function buildDmarc(
  reading: Reading,
  raw: RawDomain['dmarc'],
  defaults: RawDefaults['dmarc'],
  from: SpecPath,
): DmarcSpec | false {
  if (raw === false || (raw === undefined && defaults === false)) return false
  const merged = { ...(defaults === false ? {} : defaults), ...raw }
  const place = placesOf(raw, from)
  const uris = (key: 'rua' | 'ruf'): string[] => [
    ...new Set((merged[key] ?? []).flatMap((text, index) => reportUri(reading, text, [...place(key), index]))),
  ]
  return {
    policy: merged.policy ?? 'none',
    ...(merged.subdomains === undefined ? {} : { subdomains: merged.subdomains }),
    ...(merged.nonexistent === undefined ? {} : { nonexistent: merged.nonexistent }),
    ...(merged.fo === undefined ? {} : { failureOptions: merged.fo }),
    testing: merged.testing ?? false,
    adkim: merged.adkim ?? 'relaxed',
    aspf: merged.aspf ?? 'relaxed',
    rua: uris('rua'),
    ruf: uris('ruf'),
    from,
  }
}

/** A report address as the URI DMARC wants. */
function reportUri(reading: Reading, text: string, path: SpecPath): string[] {
  if (/^https?:/i.test(text)) {
    reading.report('report-address', path, `${text} is no mail address: reports are sent by mail only (RFC 9990)`)
    return []
  }
  const address = readAddress(text)
  if (address) return [mailto(address)]
  reading.report('report-address', path, `${JSON.stringify(text)} is no mail address`, 'write it as dmarc@example.com')
  return []
}
