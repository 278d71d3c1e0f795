import type { SpecPath } from '../../../records/finding.js'
import { displayName } from '../../../records/rr/name.js'
import type { MtaStsSpec, StsHost } from '../../../records/spec.js'
import type { KnownHosts } from '../known-hosts.js'
import { placesOf, type Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'

/** Seconds: a week. */
const MAX_AGE = 604_800

type Raw = Exclude<RawDomain['mta_sts'], undefined | false>

/** The `mta_sts` of a domain, with the defaults merged in. An id in the place of a policy leaves out what the defaults say of one. */
export function buildMtaSts(
  reading: Reading,
  raw: RawDomain['mta_sts'],
  defaults: RawDefaults['mta_sts'],
  from: SpecPath,
  hosts: KnownHosts,
): MtaStsSpec | false {
  if (raw === false || (raw === undefined && defaults === undefined)) return false
  const place = placesOf(raw, from)
  const { id, mode = 'testing', max_age: maxAge = MAX_AGE, host } = { ...defaults, ...raw } as Raw
  if (id !== undefined) rejectBesideId(reading, raw, from)
  const policy = id === undefined ? { mode, maxAge: { value: maxAge, from: place('max_age') } } : { id }
  const read = host === undefined ? undefined : readHost(reading, host, place('host'), hosts)
  return { policy, ...(read && { host: read }), from }
}

function rejectBesideId(reading: Reading, raw: RawDomain['mta_sts'], from: SpecPath): void {
  for (const key of ['mode', 'max_age'] as const)
    if (raw && raw[key] !== undefined)
      reading.report(
        'mta-sts-id-and-policy',
        [...from, key],
        `${key} cannot stand beside id: an id names a policy that somebody else keeps`,
        'remove id, and mailsync makes one from the policy; or remove mode and max_age',
        { atKey: true },
      )
}

function readHost(
  reading: Reading,
  host: NonNullable<Raw['host']>,
  path: SpecPath,
  hosts: KnownHosts,
): StsHost | undefined {
  const from = typeof host === 'string' ? path : [...path, 'cname']
  const value = reading.hostname(typeof host === 'string' ? host : host.cname, from)
  if (value === undefined) return undefined
  const isOurs = hosts.has(value)
  const meant = isOurs ? undefined : hosts.meantBy(value)
  if (meant !== undefined)
    reading.report(
      'mta-sts-host-mistyped',
      from,
      `${displayName(value)} is no host of this spec`,
      `did you mean ${meant}?`,
      { severity: 'warning' },
    )
  return { value, as: typeof host === 'string' && isOurs ? 'addresses' : 'cname', from }
}
