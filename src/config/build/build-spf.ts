import { cut, quoted } from '../../../records/cut.js'
import { domainFault } from '../../../records/families/spf/domain-spec.js'
import { isAllTerm, spfTerms } from '../../../records/families/spf/read-spf.js'
import { writeDirective } from '../../../records/families/spf/write-spf.js'
import type { SpecPath } from '../../../records/finding.js'
import { relaysOfServer } from '../../../records/relays/known-by.js'
import { parseNetwork } from '../../../records/rr/address.js'
import { displayName, labelsOf, type Name, parseHostname, parseName } from '../../../records/rr/name.js'
import type { Located, SpfSpec } from '../../../records/spec.js'
import { suggest } from '../faults/suggest.js'
import type { KnownHosts } from '../known-hosts.js'
import { type Parse, type Problem, placesOf, type Reading } from '../reading.js'
import { targetFault } from '../records/spf-terms.js'
import type { RawDefaults, RawDomain } from '../schema.js'

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
  const included = reading.list(merged.include, place('include'), noMechanism(parseDomainSpec))
  const redirect = redirectOf(reading, raw, defaults, path)
  const exp =
    merged.exp === undefined ? undefined : reading.text(merged.exp, place('exp'), noMechanism(parseDomainSpec))
  return {
    hosts: senders,
    mx: merged.mx ?? true,
    addresses: reading.list(merged.addresses, place('addresses'), noMechanism(parseSenders)).map(({ value }) => value),
    include: included.filter((one): one is Located<Name> => !one.value.includes('%')),
    flatten: reading.list(merged.flatten, place('flatten'), noMechanism(parseIncluded)),
    terms: [
      ...reading.list(merged.terms, place('terms'), parseTerm),
      ...included.flatMap(({ value, from }) => (value.includes('%') ? [{ value: `include:${value}`, from }] : [])),
    ],
    all: redirect === undefined ? (merged.all ?? 'softfail') : { redirect },
    ...(exp === undefined ? {} : { exp }),
    from: path,
  }
}

/** The domain that decides in place of `all`. What a domain says itself counts before what the defaults say. */
function redirectOf(
  reading: Reading,
  raw: Exclude<RawDomain['spf'], false>,
  defaults: RawDefaults['spf'],
  path: SpecPath,
): string | undefined {
  const [text, from] =
    raw?.redirect === undefined && raw?.all !== undefined
      ? []
      : raw?.redirect === undefined
        ? [defaults?.redirect, ['defaults', 'spf', 'redirect']]
        : [raw.redirect, [...path, 'redirect']]
  if (text === undefined || from === undefined) return undefined
  const written = from[0] === 'defaults' ? defaults : raw
  if (written?.all !== undefined)
    reading.report(
      'spf-redirect-all',
      from,
      'redirect is ignored where there is all (RFC 7208 §6.1)',
      'remove one of them',
    )
  return reading.text(text, from, noMechanism(parseDomainSpec))
}

/** A host of this spec that was probably meant; else where senders go that are none. */
function senderHint(host: string, known: readonly string[]): string {
  const relays = relaysOfServer(host).map(({ title, name }) => `relays: [${name}] for ${title}`)
  if (relays.length > 0)
    return `that is a relay: write ${relays.join(', or ')}, beside spf; \`mailsync relays\` says what it needs`
  const near = suggest(host, known)
  return near === undefined
    ? 'a machine of yours goes under hosts: with its addresses; of what sends for you elsewhere, name its SPF in include:'
    : `did you mean ${near}?`
}

/** What is meant as an IPv4 or IPv6 address or network. */
const NUMBERS = /^(?:\d[\d.]*|[\da-f]*:[\da-f.]*:[\da-f:.]*)(?:\/\d+)?$/i

/** What an SPF term names: a domain as {@link parseIncluded} reads it, or one made of macros (RFC 7208 §7), as it is written. */
function parseDomainSpec(text: string): string | Problem {
  if (!text.includes('%')) return parseIncluded(text)
  const why = domainFault(text)
  return why === undefined
    ? text
    : { rule: 'spf-macro', error: `${quoted(text)}: ${why} (RFC 7208 §7.1)`, hint: MACROS }
}

const MACROS =
  'macros are %{s}, %{l}, %{o}, %{d}, %{i}, %{p}, %{v} and %{h}, with digits, r and delimiters; a % alone is %%'

/** One mechanism with its qualifier; what has a key of its own is told so. */
function parseTerm(text: string): string | Problem {
  const terms = spfTerms(`v=spf1 ${text}`)
  const [term] = terms
  if (term === undefined || terms.length > 1)
    return {
      rule: 'spf-term',
      error: `${quoted(text)} is not one SPF term`,
      hint: 'write each as an item of the list',
    }
  if (term.kind === 'wrong')
    return { rule: 'spf-term', error: `${quoted(text)}: ${term.fault.message} (${term.fault.section})` }
  if (term.kind === 'modifier') {
    const isKnown = term.name === 'redirect' || term.name === 'exp'
    return {
      rule: 'spf-term',
      error: isKnown ? `${quoted(text)} has a key of its own` : `receivers ignore ${quoted(text)} (RFC 7208 §6)`,
      hint: isKnown ? `write ${term.name}: ${term.value} beside terms` : 'remove it',
    }
  }
  if (term.kind === 'all') return secondAll(text)
  const fault = 'network' in term ? undefined : targetFault(term)
  return fault === undefined ? writeDirective(term) : { rule: 'spf-term', error: `${quoted(text)}: ${fault}` }
}

/** The domain of an `include` (RFC 7208 §7.1): any owner name of two labels or more. */
function parseIncluded(text: string): Name | Problem {
  if (NUMBERS.test(text)) {
    const network = parseNetwork(text)
    const why = typeof network === 'object' && network.hint ? `; ${network.hint}` : ''
    return {
      rule: 'spf-include-address',
      error: `an include is the name of a domain, never an address or a network (RFC 7208 §7.1): ${cut(text)}`,
      hint: `write it under spf.addresses${why}`,
    }
  }
  const name = parseName(text)
  if (typeof name !== 'string') return name
  const why = domainFault(name)
  if (labelsOf(name).length > 1 && why === undefined) return name
  return {
    rule: 'name',
    error: `${quoted(text)} is no whole name of a domain`,
    hint: 'write the whole name, for example _spf.example.com',
  }
}

function secondAll(text: string): Problem {
  return {
    rule: 'spf-two-all',
    error: `a second all, ${quoted(text)}: an SPF has one, at its end, and it comes from the key all`,
    hint: 'remove it here, and write all: fail, softfail or neutral beside it',
  }
}

function parseSenders(text: string): string | Problem {
  const network = parseNetwork(text)
  if (typeof network === 'string' || typeof parseHostname(text) !== 'string') return network
  return { ...network, hint: 'a host of this spec goes under spf.hosts, the SPF of somebody else under spf.include' }
}

/** Tells SPF mechanisms apart that are written where a name or an address stands alone. */
function noMechanism<R extends string | Problem>(parse: Parse<R>): Parse<R | Problem> {
  return (text) => {
    if (isAllTerm(text)) return secondAll(text)
    const parsed = parse(text)
    if (typeof parsed === 'string') return parsed
    const mechanism = /^[-~+?]?(?:include|ip4|ip6|a|mx|ptr|exists|redirect)[:=](.*)$/i.exec(text)
    if (!mechanism) return parsed
    return {
      rule: 'spf-mechanism',
      error: `${quoted(text)} is an SPF mechanism`,
      hint: `write the name or address alone: ${mechanism[1]}`,
    }
  }
}
