import type { SpecPath } from '../../records/finding.js'
import { parseAddress } from '../../records/rr/address.js'
import { displayName, type Name } from '../../records/rr/name.js'
import type { Domain, MxTarget } from '../../records/spec.js'
import { buildDkim } from './build-dkim.js'
import { buildDmarc } from './build-dmarc.js'
import { buildSpf } from './build-spf.js'
import type { KnownHosts } from './known-hosts.js'
import { type Reading, ttlsOf } from './reading.js'
import type { RawDefaults, RawDomain } from './schema.js'
import { slipOf } from './suggest.js'

interface Context {
  readonly name: Name
  readonly from: SpecPath
  readonly defaults: RawDefaults
  readonly ttl: number
  /** Who can open private keys, as age names them. */
  readonly recipients: readonly string[]
  readonly hosts: KnownHosts
}

/** One entry of `domains`, with the defaults merged in, key by key. */
export function buildDomain(reading: Reading, raw: RawDomain, context: Context): Domain {
  const { name, from, defaults, ttl } = context
  if (raw.mail === 'none') rejectMailKeys(reading, raw, from)
  return {
    name,
    from,
    ttl: ttlsOf(['mx', 'spf', 'dkim', 'dmarc'], raw.ttl, ttl),
    mail: raw.mail ?? 'normal',
    mx: buildMx(reading, raw.mx, [...from, 'mx'], context.hosts),
    spf: buildSpf(reading, raw.spf, defaults.spf, [...from, 'spf'], context.hosts),
    dkim: buildDkim(raw.dkim, defaults.dkim, context.recipients, [...from, 'dkim']),
    dmarc: buildDmarc(reading, raw.dmarc, raw.mail === 'none' ? parkedDefaults(defaults.dmarc) : defaults.dmarc, [
      ...from,
      'dmarc',
    ]),
  }
}

/** How strictly mail is aligned is said for domains that send; a parked one has it only where it says so itself. */
function parkedDefaults(dmarc: RawDefaults['dmarc']): RawDefaults['dmarc'] {
  return dmarc ? { ...dmarc, adkim: undefined, aspf: undefined } : dmarc
}

function rejectMailKeys(reading: Reading, raw: RawDomain, from: SpecPath): void {
  for (const key of ['mx', 'spf', 'dkim'] as const)
    if (raw[key] !== undefined)
      reading.report(
        'parked-with-mail',
        [...from, key],
        `${key} cannot stand beside mail: none`,
        `remove ${key}, or mail: none`,
        { atKey: true },
      )
}

function buildMx(reading: Reading, raw: RawDomain['mx'], path: SpecPath, hosts: KnownHosts): Domain['mx'] {
  if (raw === undefined || raw === 'none') return raw
  const seen = new Set<Name>()
  return raw.flatMap((entry, index): MxTarget[] => {
    const { host: text, preference = (index + 1) * 10 } = typeof entry === 'string' ? { host: entry } : entry
    const from = [...path, index]
    const host = mxHost(reading, text, typeof entry === 'string' ? from : [...from, 'host'], hosts)
    if (host === undefined) return []
    checkSlip(reading, host, from, hosts)
    if (seen.has(host))
      reading.report('mx-twice', from, `${displayName(host)} is listed twice`, 'remove one of the two')
    seen.add(host)
    return [{ host, preference, from }]
  })
}

/** An MX may lead to a host that is none of the spec, but hardly to one that differs by one slip from one that is. */
function checkSlip(reading: Reading, host: Name, path: SpecPath, hosts: KnownHosts): void {
  const meant = hosts.has(host) ? undefined : slipOf(displayName(host), hosts.names)
  if (meant !== undefined)
    reading.report('mx-host-mistyped', path, `${displayName(host)} is no host of this spec`, `did you mean ${meant}?`, {
      severity: 'warning',
    })
}

function mxHost(reading: Reading, text: string, path: SpecPath, hosts: KnownHosts): Name | undefined {
  const address = /[a-z]/i.test(text) && !text.includes(':') ? undefined : parseAddress(text)
  const [, preference, name] = /^(\d+)\s+(\S+)$/.exec(text) ?? []
  if (preference !== undefined) {
    const hint = `write { host: ${name}, preference: ${preference} }`
    reading.report('name', path, `${JSON.stringify(text)} is no host name`, hint)
    return undefined
  }
  if (typeof address !== 'string') return reading.hostname(text, path)
  const owner = hosts.at(address)
  const hint = owner
    ? `write its host: ${displayName(owner.name)}`
    : `name the machine under hosts: with addresses: [${address}], and write that name here`
  reading.report('mx-is-address', path, `an MX is the name of a host, never an address (RFC 5321 §5.1): ${text}`, hint)
  return undefined
}
