import { domainFault } from '../../records/families/spf/domain-spec.js'
import type { SpecPath } from '../../records/finding.js'
import { parseNetwork } from '../../records/rr/address.js'
import { displayName, labelsOf, type Name, parseHostname, parseName } from '../../records/rr/name.js'
import type { SpfSpec } from '../../records/spec.js'
import type { KnownHosts } from './known-hosts.js'
import { type Parse, type Problem, placesOf, type Reading } from './reading.js'
import { includeOf } from './relays.js'
import type { RawDefaults, RawDomain } from './schema.js'
import { suggest } from './suggest.js'

/** The `spf` of a domain, with the defaults merged in. */
export function buildSpf(
  reading: Reading,
  raw: RawDomain['spf'],
  defaults: RawDefaults['spf'],
  path: SpecPath,
  hosts: KnownHosts,
): SpfSpec | false {
  if (raw === false) return false
  const merged = { ...defaults, ...raw }
  const place = placesOf(raw, path)
  const senders = reading.list(raw?.hosts, place('hosts'), noMechanism(parseHostname))
  for (const { value, from } of senders)
    if (!hosts.has(value))
      reading.report(
        'unknown-host',
        from,
        `${displayName(value)} is no host of this spec`,
        senderHint(displayName(value), hosts.names),
      )
  return {
    hosts: senders,
    mx: merged.mx ?? true,
    addresses: reading.list(merged.addresses, place('addresses'), noMechanism(parseNetwork)).map(({ value }) => value),
    include: reading.list(merged.include, place('include'), noMechanism(parseIncluded)),
    all: merged.all ?? 'softfail',
    from: path,
  }
}

/** A host of this spec that was probably meant; else where senders go that are none. */
function senderHint(host: string, known: readonly string[]): string {
  const include = includeOf(host)
  if (include !== undefined) return `what sends for you elsewhere goes into include: [${include}]`
  const near = suggest(host, known)
  return near === undefined
    ? 'a machine of yours goes under hosts: with its addresses; of what sends for you elsewhere, name its SPF in include:'
    : `did you mean ${near}?`
}

/** What is meant as an IPv4 or IPv6 address or network. */
const NUMBERS = /^(?:\d[\d.]*|[\da-f]*:[\da-f.]*:[\da-f:.]*)(?:\/\d+)?$/i

/** The domain of an `include` (RFC 7208 §7.1): any owner name of two labels or more. */
function parseIncluded(text: string): Name | Problem {
  if (NUMBERS.test(text)) {
    const network = parseNetwork(text)
    const why = typeof network === 'object' && network.hint ? `; ${network.hint}` : ''
    return {
      rule: 'spf-include-address',
      error: `an include is the name of a domain, never an address or a network (RFC 7208 §7.1): ${text}`,
      hint: `write it under spf.addresses${why}`,
    }
  }
  const name = parseName(text)
  if (typeof name !== 'string') return name
  const why = domainFault(name)
  if (labelsOf(name).length > 1 && why === undefined) return name
  return {
    rule: 'name',
    error: `${JSON.stringify(text)} is no domain whose SPF could be included`,
    hint: 'write the whole name, for example _spf.example.com',
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
