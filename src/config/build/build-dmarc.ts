import { cut, quoted } from '../../../records/cut.js'
import { mailto, readAddress } from '../../../records/families/dmarc/report-uri.js'
import type { SpecPath } from '../../../records/finding.js'
import { parseAddress } from '../../../records/rr/address.js'
import { labelsOf, type Name, parseName } from '../../../records/rr/name.js'
import type { DmarcSpec, Located } from '../../../records/spec.js'
import { type Problem, placesOf, type Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'
import { buildRamp } from './build-ramp.js'

const NOBODY: readonly string[] = []

/** The `dmarc` of a domain, with the defaults merged in. */
export function buildDmarc(
  reading: Reading,
  raw: RawDomain['dmarc'],
  defaults: RawDefaults['dmarc'],
  from: SpecPath,
): DmarcSpec | false {
  if (raw === false || (raw === undefined && defaults === false)) return false
  const { cname: _, ...own } = raw ?? {}
  const merged = { ...(defaults === false ? {} : defaults), ...own }
  const place = placesOf(raw, from)
  const uris = (key: 'rua' | 'ruf'): readonly string[] => {
    const texts = merged[key]
    const path = place(key)
    if (texts === undefined) return NOBODY
    return reading.once(path, () => [
      ...new Set(texts.flatMap((text, index) => reportUri(reading, text, [...path, index]))),
    ])
  }
  const ramp = buildRamp(reading, raw, defaults, from)
  return {
    policy: merged.policy ?? 'none',
    ...(ramp && { ramp }),
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

/** The name that `_dmarc` is a CNAME of, in place of a policy. */
export function buildDmarcAlias(reading: Reading, raw: RawDomain['dmarc'], from: SpecPath): Located<Name> | undefined {
  if (!raw || raw.cname === undefined) return undefined
  const others = Object.keys(raw).filter((key) => key !== 'cname')
  if (others.length > 0) {
    const message = `the policy is where the cname leads to, and ${others.join(', ')} cannot be said here`
    reading.report('dmarc-cname', [...from, 'cname'], message, `remove cname, or ${others.join(', ')}`, { atKey: true })
    return undefined
  }
  const value = reading.text(raw.cname, [...from, 'cname'], parsePolicyPlace)
  return value === undefined ? undefined : { value, from: [...from, 'cname'] }
}

function parsePolicyPlace(text: string): Name | Problem {
  const name = parseName(text)
  if (typeof name !== 'string') return name
  if (labelsOf(name).length > 1 && typeof parseAddress(text) !== 'string') return name
  const hint = 'write the whole name, such as _dmarc.example.net'
  return { rule: 'name', error: `${quoted(text)} is no name where a policy could be`, hint }
}

/** A report address as the URI DMARC wants. */
function reportUri(reading: Reading, text: string, path: SpecPath): string[] {
  if (/^https?:/i.test(text)) {
    reading.report('report-address', path, `${cut(text)} is no mail address: reports are sent by mail only (RFC 9990)`)
    return []
  }
  const address = readAddress(text)
  if (address) return [mailto(address)]
  const meant = /^[^<]*<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.replace(/![0-9]+[kmgt]?$/i, '').replace(/\?.*$/, '')
  const hint =
    meant !== text && readAddress(meant) ? `write the address alone: ${meant}` : 'write it as dmarc@example.com'
  reading.report('report-address', path, `${quoted(text)} is no mail address`, hint)
  return []
}
