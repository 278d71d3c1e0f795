import { parseAddress, parseNetwork } from '../../records/address.js'
import type { SpecPath } from '../../records/finding.js'
import { displayName, type Name, parseHostname, parseName } from '../../records/name.js'
import type { DkimSpec, DmarcSpec, Domain, Host, MxTarget, SpfSpec } from '../../records/spec.js'
import type { Parse, Problem, Reading } from './reading.js'
import type { RawDefaults, RawDomain } from './schema.js'
import { didYouMean } from './suggest.js'

interface Context {
  readonly name: Name
  readonly from: SpecPath
  readonly defaults: RawDefaults
  readonly hosts: ReadonlyMap<Name, Host>
}

/** One entry of `domains`, with the defaults merged in, key by key. */
export function buildDomain(reading: Reading, raw: RawDomain, context: Context): Domain {
  const { name, from, defaults } = context
  if (raw.mail === 'none') rejectMailKeys(reading, raw, from)
  return {
    name,
    from,
    ttl: raw.ttl ?? defaults.ttl ?? 3600,
    mail: raw.mail ?? 'normal',
    mx: buildMx(reading, raw.mx, [...from, 'mx'], context.hosts),
    spf:
      raw.spf === false ? false : buildSpf(reading, { ...defaults.spf, ...raw.spf }, [...from, 'spf'], context.hosts),
    dkim: buildDkim(raw.dkim, defaults.dkim, [...from, 'dkim']),
    dmarc: buildDmarc(reading, raw.dmarc, defaults.dmarc, [...from, 'dmarc']),
  }
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

function buildMx(reading: Reading, raw: RawDomain['mx'], path: SpecPath, hosts: ReadonlyMap<Name, Host>): Domain['mx'] {
  if (raw === undefined || raw === 'none') return raw
  const seen = new Set<Name>()
  return raw.flatMap((entry, index): MxTarget[] => {
    const { host: text, preference = (index + 1) * 10 } = typeof entry === 'string' ? { host: entry } : entry
    const from = [...path, index]
    const host = mxHost(reading, text, typeof entry === 'string' ? from : [...from, 'host'], hosts)
    if (host === undefined) return []
    if (seen.has(host))
      reading.report('mx-twice', from, `${displayName(host)} is listed twice`, 'remove one of the two')
    seen.add(host)
    return [{ host, preference, from }]
  })
}

function mxHost(reading: Reading, text: string, path: SpecPath, hosts: ReadonlyMap<Name, Host>): Name | undefined {
  const address = /[a-z]/i.test(text) && !text.includes(':') ? undefined : parseAddress(text)
  if (typeof address !== 'string') return reading.hostname(text, path)
  const owner = [...hosts.values()].find((host) => host.addresses.some(({ value }) => value === address))
  const hint = owner
    ? `write its host: ${displayName(owner.name)}`
    : `name the machine under hosts: with addresses: [${address}], and write that name here`
  reading.report('mx-is-address', path, `an MX is the name of a host, never an address (RFC 5321 §5.1): ${text}`, hint)
  return undefined
}

type RawSpf = Exclude<RawDomain['spf'], false | undefined>

function buildSpf(reading: Reading, raw: RawSpf, path: SpecPath, hosts: ReadonlyMap<Name, Host>): SpfSpec {
  const senders = reading.list(raw.hosts, [...path, 'hosts'], noMechanism(parseHostname))
  for (const { value, from } of senders)
    if (!hosts.has(value))
      reading.report(
        'unknown-host',
        from,
        `${displayName(value)} is no host of this spec`,
        didYouMean(displayName(value), [...hosts.keys()].map(displayName)),
      )
  return {
    hosts: senders,
    mx: raw.mx ?? true,
    addresses: reading.list(raw.addresses, [...path, 'addresses'], noMechanism(parseNetwork)).map(({ value }) => value),
    include: reading.list(raw.include, [...path, 'include'], noMechanism(parseName)),
    all: raw.all ?? 'softfail',
    from: path,
  }
}

/** Tells SPF mechanisms apart that are written where a name or an address stands alone. */
function noMechanism<R extends string | Problem>(parse: Parse<R>): Parse<R | Problem> {
  return (text) => {
    if (/^[-~+?]?all$/i.test(text))
      return {
        rule: 'spf-two-all',
        error: `a second all, ${JSON.stringify(text)}: an SPF has one, at its end, and it comes from the key all`,
        hint: 'remove it here, and write all: fail, softfail or neutral beside it',
      }
    const parsed = parse(text)
    if (typeof parsed === 'string') return parsed
    const mechanism = /^[-~+?]?(?:include|ip4|ip6|a|mx|ptr|exists|redirect)[:=](.*)$/i.exec(text)
    if (!mechanism) return parsed
    return {
      rule: 'spf-mechanism',
      error: `${JSON.stringify(text)} is an SPF mechanism`,
      hint: `write the name or address alone: ${mechanism[1]}`,
    }
  }
}

function buildDkim(raw: RawDomain['dkim'], defaults: RawDefaults['dkim'], from: SpecPath): DkimSpec | false {
  if (raw === false || (raw === undefined && defaults === false)) return false
  const merged = { ...(defaults === false ? {} : defaults), ...raw }
  return {
    algorithms: [...new Set(merged.algorithms ?? (['rsa-2048', 'ed25519'] as const))],
    selector: merged.selector ?? 's%Y%m',
    explicit: raw !== undefined,
    from,
  }
}

function buildDmarc(
  reading: Reading,
  raw: RawDomain['dmarc'],
  defaults: RawDefaults['dmarc'],
  from: SpecPath,
): DmarcSpec | false {
  if (raw === false || (raw === undefined && defaults === false)) return false
  const merged = { ...(defaults === false ? {} : defaults), ...raw }
  const uris = (key: 'rua' | 'ruf'): string[] =>
    (merged[key] ?? []).flatMap((text, index) => mailto(reading, text, [...from, key, index]))
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

/** A report address as the URI DMARC wants: `,` `!` and `;` would end it, so they are percent-encoded (RFC 9989 §4.7). */
function mailto(reading: Reading, text: string, path: SpecPath): string[] {
  if (/^https?:/i.test(text)) {
    reading.report('report-address', path, `${text} is no mail address: reports are sent by mail only (RFC 9990)`)
    return []
  }
  const match = /^(?:mailto:)?([^\s@]+)@([^\s@!]+)$/i.exec(text)
  const domain = match && parseHostname(match[2] as string)
  if (!match || typeof domain !== 'string') {
    reading.report(
      'report-address',
      path,
      `${JSON.stringify(text)} is no mail address`,
      'write it as dmarc@example.com',
    )
    return []
  }
  const local = (match[1] as string).replace(/[,!;]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return [`mailto:${local}@${domain.slice(0, -1)}`]
}
