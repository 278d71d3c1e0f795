import { quoted } from '../../../records/cut.js'
import type { SpecPath } from '../../../records/finding.js'
import { parseAddress } from '../../../records/rr/address.js'
import type { Name } from '../../../records/rr/name.js'
import { HOST_TTLS, type Host } from '../../../records/spec.js'
import { type Observation, type Observations, parseSource } from '../address-source.js'
import { buildCaa } from '../certificates/build-caa.js'
import { buildTlsa } from '../certificates/build-tlsa.js'
import { reverseHint } from '../faults/host-hints.js'
import { didYouMean } from '../faults/suggest.js'
import { type Reading, ttlsOf } from '../reading.js'
import type { RawHost, RawSpec } from '../schema.js'

interface Context {
  readonly name: Name
  readonly from: SpecPath
  readonly ttl: number
  readonly providers: RawSpec['providers']
  /** What was observed of hosts, by their key in the spec; absent where nothing was looked at. */
  readonly observed?: Observations | undefined
}

/** One entry of `hosts`. */
export function buildHost(reading: Reading, raw: RawHost, context: Context): Host {
  const { name, from, ttl, providers } = context
  const { addresses, observed } = readAddresses(reading, raw.addresses, context)
  const egress = reading.list(raw.egress, [...from, 'egress'], parseAddress)
  if (observed === undefined && writtenIn(raw.addresses).length + (raw.egress ?? []).length === 0)
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
    ...(observed && { observed }),
    egress,
    publish: raw.publish ?? true,
    reverse: readReverse(reading, raw.reverse ?? 'auto', [...from, 'reverse'], Object.keys(providers)),
    heloSpf: raw.helo_spf ?? true,
    caa: buildCaa(reading, raw.caa, undefined, [...from, 'caa']),
    ...(raw.tlsa && { tlsa: buildTlsa(reading, raw.tlsa, [...from, 'tlsa']) }),
    ttl: ttlsOf(HOST_TTLS, raw.ttl, ttl),
    from,
  }
}

function writtenIn(raw: RawHost['addresses']): readonly string[] {
  return Array.isArray(raw) ? raw : []
}

/** The addresses that are listed, or what was observed at the sources that are. */
function readAddresses(
  reading: Reading,
  raw: RawHost['addresses'],
  { from, observed, providers }: Context,
): Pick<Host, 'addresses' | 'observed'> {
  const path = [...from, 'addresses']
  if (raw === undefined || Array.isArray(raw)) return { addresses: reading.list(raw, path, parseAddress) }
  for (const [index, one] of raw.from.entries()) {
    const place = [...path, 'from', index]
    const parse = (text: string) => parseSource(text, providers)
    if (typeof one === 'string') reading.text(one, place, parse)
    else reading.list(one, place, parse)
  }
  const found = observed?.get(String(from[1])) ?? NOT_LOOKED
  if ('failure' in found) {
    const isLooked = observed !== undefined
    reading.report(
      'address-not-observed',
      path,
      `the addresses of ${from[1]} are not known: ${found.failure}`,
      found.isMistake
        ? undefined
        : isLooked
          ? 'its A, AAAA and PTR, and the SPF of the domains it sends for, stay as they are'
          : '`mailsync plan` observes them; `compile --observe` does too',
      { severity: found.isMistake ? 'error' : isLooked ? 'warning' : 'note' },
    )
    return { addresses: [], observed: { failure: found.failure } }
  }
  if (found.missed !== undefined)
    reading.report(
      'address-source-failed',
      path,
      `the addresses of ${from[1]} are those of ${found.by}, as ${found.missed}`,
      'a source that tells fewer of them, such as no IPv6, takes the others away: write sources that belong together as a list in the list',
      { severity: 'note' },
    )
  return { addresses: found.addresses.map((value) => ({ value, from: path })), observed: { by: found.by } }
}

const NOT_LOOKED: Observation = { failure: 'they are observed online' }

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
    `${quoted(raw)} is neither auto, manual, false nor a provider of this spec`,
    reverseHint(raw) ?? didYouMean(raw, ['auto', 'manual', 'false', ...providers]),
  )
  return 'auto'
}
