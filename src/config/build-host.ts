import type { SpecPath } from '../../records/finding.js'
import { parseAddress } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import type { Host } from '../../records/spec.js'
import { buildCaa } from './certificates/build-caa.js'
import { buildTlsa } from './certificates/build-tlsa.js'
import { type Reading, ttlsOf } from './reading.js'
import type { RawHost } from './schema.js'
import { didYouMean } from './suggest.js'

interface Context {
  readonly name: Name
  readonly from: SpecPath
  readonly ttl: number
  readonly providers: readonly string[]
}

/** One entry of `hosts`. */
export function buildHost(reading: Reading, raw: RawHost, { name, from, ttl, providers }: Context): Host {
  const addresses = reading.list(raw.addresses, [...from, 'addresses'], parseAddress)
  const egress = reading.list(raw.egress, [...from, 'egress'], parseAddress)
  if ((raw.addresses ?? []).length + (raw.egress ?? []).length === 0)
    reading.report(
      'host-without-address',
      from,
      'the host has neither addresses nor egress',
      'write addresses: [192.0.2.10]',
      { atKey: true },
    )
  const seen = new Set<string>()
  for (const { value, from: place } of [...addresses, ...egress]) {
    if (seen.has(value))
      reading.report('address-twice', place, `${value} is listed twice for this host`, 'remove one of the two')
    seen.add(value)
  }
  return {
    name,
    addresses,
    egress,
    publish: raw.publish ?? true,
    reverse: readReverse(reading, raw.reverse ?? 'auto', [...from, 'reverse'], providers),
    heloSpf: raw.helo_spf ?? true,
    caa: buildCaa(reading, raw.caa, undefined, [...from, 'caa']),
    ...(raw.tlsa && { tlsa: buildTlsa(reading, raw.tlsa, [...from, 'tlsa']) }),
    ttl: ttlsOf(['a', 'aaaa', 'ptr', 'spf', 'caa', 'tlsa'], raw.ttl, ttl),
    from,
  }
}

function readReverse(
  reading: Reading,
  raw: string | false,
  path: SpecPath,
  providers: readonly string[],
): Host['reverse'] {
  if (raw === false || raw === 'auto' || raw === 'manual') return raw
  if (providers.includes(raw)) return { provider: raw }
  reading.report(
    'unknown-provider',
    path,
    `${JSON.stringify(raw)} is neither auto, manual, false nor a provider of this spec`,
    didYouMean(raw, ['auto', 'manual', 'false', ...providers]),
  )
  return 'auto'
}
