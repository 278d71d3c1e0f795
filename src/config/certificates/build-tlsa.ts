import { readTlsa } from '../../../records/families/tlsa/read-tlsa.js'
import type { SpecPath } from '../../../records/finding.js'
import type { Located, RolledCertificate, TlsaAssociation, TlsaSpec } from '../../../records/spec.js'
import type { Reading } from '../reading.js'
import type { RawTlsa } from './raw-tlsa.js'

/** The `tlsa` of a host, before its certificates are read. */
export function buildTlsa(reading: Reading, raw: RawTlsa, from: SpecPath): TlsaSpec {
  const {
    certificates = [],
    records = [],
    ports = [25],
    usage = 'ee',
    ...own
  } = Array.isArray(raw) ? { records: raw } : raw
  const roll = rolled(own.roll, [...from, 'roll'])
  const place = Array.isArray(raw) ? from : [...from, 'records']
  if (certificates.length + records.length + roll.length === 0)
    reading.report(
      'tlsa-empty',
      from,
      'tlsa names no key',
      'write certificates: [tls/current.pem], or the records themselves',
    )
  return {
    ports: [...new Set(ports)],
    associations: records.flatMap((text, index) => association(reading, text, [...place, index])),
    files: certificates.map((value, index) => ({ value, from: [...from, 'certificates', index] })),
    usage,
    roll,
    rollKeys: [],
    from,
  }
}

type RawRoll = Exclude<RawTlsa, readonly string[]>['roll']

function rolled(raw: RawRoll, from: SpecPath): Located<RolledCertificate>[] {
  const list = raw === undefined || Array.isArray(raw) ? (raw ?? []) : [raw]
  return list.map(({ certificate, key, install, reload }, index) => ({
    value: { certificate, install, ...(key !== undefined && { key }), ...(reload !== undefined && { reload }) },
    from: Array.isArray(raw) ? [...from, index] : from,
  }))
}

function association(reading: Reading, text: string, from: SpecPath): TlsaAssociation[] {
  const { value, faults } = readTlsa(text)
  for (const { message, section } of faults)
    reading.report(
      'tlsa-value',
      from,
      `${message} (${section})`,
      'write it as 3 1 1 and the SHA-256 of the public key, or name the certificate under certificates',
    )
  return value === undefined ? [] : [{ value, from }]
}
