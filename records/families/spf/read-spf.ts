import ipaddr from 'ipaddr.js'
import { quoted } from '../../cut.js'
import { inHexadecimal } from '../../rr/address.js'
import { type Name, parseName } from '../../rr/name.js'
import { type Fault, none, type Reading, readTxt } from '../reading.js'
import { domainFault, macroFault } from './domain-spec.js'

export type SpfQualifier = '+' | '-' | '~' | '?'

interface Written {
  /** As it stands in the value. */
  readonly text: string
  readonly qualifier: SpfQualifier
}

export interface SpfAllTerm extends Written {
  readonly kind: 'all'
}

/** A mechanism that costs a look-up. */
export interface SpfLookupTerm extends Written {
  readonly kind: 'include' | 'exists' | 'ptr' | 'a' | 'mx'
  /** As written, with its macros; the name itself where `a`, `mx` and `ptr` have none. */
  readonly domain?: string
  /** Prefix lengths of `a` and `mx`. */
  readonly bits4?: number
  readonly bits6?: number
}

export interface SpfNetworkTerm extends Written {
  readonly kind: 'ip4' | 'ip6'
  /** Canonical, its host bits clear. */
  readonly network: string
  readonly bits: number
}

/** A network as a spec has it: canonical, without the prefix length of a single address. */
export function networkText({ kind, network, bits }: SpfNetworkTerm): string {
  return bits === (kind === 'ip4' ? 32 : 128) ? network : `${network}/${bits}`
}

/** One directive of an SPF record (RFC 7208 §4.6.1). */
export type SpfDirective = SpfAllTerm | SpfLookupTerm | SpfNetworkTerm

/** `name=value` (RFC 7208 §6). */
export interface SpfModifier {
  readonly kind: 'modifier'
  /** In lower case. */
  readonly name: string
  readonly value: string
  readonly text: string
}

/** One term of an SPF value. */
export type SpfTerm =
  | SpfDirective
  | SpfModifier
  | { readonly kind: 'wrong'; readonly text: string; readonly fault: Fault }

/** An SPF record that receivers can evaluate. */
export interface SpfRecord {
  /** In the order they are tried. */
  readonly directives: readonly SpfDirective[]
  /** Heeded only where there is no `all` (RFC 7208 §5.1, §6.1). */
  readonly redirect?: string
  readonly explanation?: string
  /** `name=value` that receivers ignore (RFC 7208 §6). */
  readonly unknown: readonly string[]
}

const VERSION = 'v=spf1'

/** Whether a TXT value is an SPF record (RFC 7208 §4.5): the version, then a space or the end. */
export function isSpfValue(value: string): boolean {
  const [version, next] = [value.slice(0, VERSION.length), value[VERSION.length]]
  return version.toLowerCase() === VERSION && (next === undefined || next === ' ')
}

/** Whether somebody meant a TXT value as an SPF record, and it is none: quotation marks, blanks or a tab are where they may not be. */
export function resemblesSpf(value: string): boolean {
  return !isSpfValue(value) && /^[\s"'\\]*v\s*=\s*spf1(?!\d)/i.test(value)
}

/** Whether one term of an SPF record is `all`, with any qualifier. */
export function isAllTerm(term: string): boolean {
  return /^[-+~?]?all$/i.test(term)
}

/** Reads an SPF record by the grammar of RFC 7208 §12. One term that does not parse makes all of it a permerror (§4.6). */
export function readSpf(text: string): Reading<SpfRecord> {
  return readTxt(text, readRecord)
}

function readRecord(text: string): Reading<SpfRecord> {
  if (!isSpfValue(text))
    return none([{ section: 'RFC 7208 §4.5', message: 'it does not begin with v=spf1 and a space' }])
  const directives: SpfDirective[] = []
  const modifiers = new Map<string, string>()
  const unknown: string[] = []
  const faults: Fault[] = []
  for (const term of spfTerms(text)) {
    if (term.kind === 'wrong') faults.push({ ...term.fault, message: `${quoted(term.text)}: ${term.fault.message}` })
    else if (term.kind !== 'modifier') directives.push(term)
    else if (term.name !== 'redirect' && term.name !== 'exp') unknown.push(term.text)
    else if (modifiers.has(term.name)) faults.push(faulty('§6', `${term.name}= is there twice`))
    else modifiers.set(term.name, term.value)
  }
  if (faults.length > 0) return none(faults)
  const [redirect, explanation] = [modifiers.get('redirect'), modifiers.get('exp')]
  return {
    value: {
      directives,
      ...(redirect === undefined ? {} : { redirect }),
      ...(explanation === undefined ? {} : { explanation }),
      unknown,
    },
    faults,
  }
}

/** The terms of an SPF value after its version, sound or not. One that is wrong makes the whole a permerror (RFC 7208 §4.6). */
export function spfTerms(text: string): SpfTerm[] {
  const terms = text.slice(VERSION.length).split(' ')
  return terms.filter((term) => term !== '').map(termOf)
}

/** Terms that were read, by their text: thousands of domains name the same hosts. */
const read = new Map<string, SpfTerm>()
const REMEMBERED = 5000

function termOf(text: string): SpfTerm {
  const known = read.get(text)
  if (known) return known
  const term = readTerm(text)
  if (read.size >= REMEMBERED) read.clear()
  if (text.length <= 100) read.set(text, term)
  return term
}

function readTerm(text: string): SpfTerm {
  const written = /^([a-z][a-z0-9_.-]*)=/i.exec(text)?.[1]
  const read = written === undefined ? readDirective(text) : readModifier(written, text)
  return 'kind' in read ? read : { kind: 'wrong', text, fault: read }
}

function readModifier(written: string, text: string): SpfModifier | Fault {
  const [name, value] = [written.toLowerCase(), text.slice(written.length + 1)]
  const isKnown = name === 'redirect' || name === 'exp'
  const why = isKnown ? domainFault(value) : macroFault(value)
  return why === undefined ? { kind: 'modifier', name, value, text } : faulty(isKnown ? '§6' : '§12', why)
}

function readDirective(text: string): SpfDirective | Fault {
  const [, sign = '', name = '', rest = ''] = /^([-+~?]?)([a-z0-9]*)(.*)$/is.exec(text) ?? []
  const qualifier = (sign === '' ? '+' : sign) as SpfQualifier
  const kind = name.toLowerCase()
  const head = { text, qualifier }
  switch (kind) {
    case 'all':
      return rest === '' ? { ...head, kind } : faulty('§5.1', 'nothing can follow all')
    case 'include':
    case 'exists': {
      const why = rest.startsWith(':') ? domainFault(rest.slice(1)) : `${kind} wants a colon and a name`
      return why === undefined
        ? { ...head, kind, domain: rest.slice(1) }
        : faulty(kind === 'include' ? '§5.2' : '§5.7', why)
    }
    case 'ptr': {
      if (rest === '') return { ...head, kind }
      const why = rest.startsWith(':') ? domainFault(rest.slice(1)) : 'a colon is missing'
      return why === undefined ? { ...head, kind, domain: rest.slice(1) } : faulty('§5.5', why)
    }
    case 'a':
    case 'mx': {
      const read = readHosts(rest)
      return typeof read === 'string' ? faulty(kind === 'a' ? '§5.3' : '§5.4', read) : { ...head, kind, ...read }
    }
    case 'ip4':
    case 'ip6': {
      const read = readNetwork(rest, kind)
      return typeof read === 'string' ? faulty('§5.6', read) : { ...head, kind, ...read }
    }
    default:
      return faulty('§4.6.1', 'RFC 7208 knows no such term')
  }
}

/** `[ ":" domain-spec ] [ dual-cidr-length ]`. */
function readHosts(rest: string): { domain?: string; bits4: number; bits6: number } | string {
  const [lengths = '', four, six] = /(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(rest.slice(-9)) ?? []
  const named = rest.slice(0, rest.length - lengths.length)
  const [bits4, bits6] = [prefix(four, 32), prefix(six, 128)]
  if (bits4 === undefined || bits6 === undefined) return `${lengths} is no prefix length`
  if (named === '') return { bits4, bits6 }
  const why = named.startsWith(':') ? domainFault(named.slice(1)) : 'a colon is missing'
  return why ?? { domain: named.slice(1), bits4, bits6 }
}

/** A prefix length without a leading zero; `width` where none is written. */
function prefix(text: string | undefined, width: number): number | undefined {
  if (text === undefined) return width
  return /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= width ? Number(text) : undefined
}

function readNetwork(rest: string, kind: 'ip4' | 'ip6'): { network: string; bits: number } | string {
  if (!rest.startsWith(':')) return `${kind} wants a colon and an address`
  const slash = rest.indexOf('/')
  const address = inHexadecimal(rest.slice(1, slash < 0 ? undefined : slash))
  const bits = prefix(slash < 0 ? undefined : rest.slice(slash + 1), kind === 'ip4' ? 32 : 128)
  const isAddress =
    kind === 'ip4'
      ? /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) && ipaddr.IPv4.isValidFourPartDecimal(address)
      : address.length <= 45 && address.includes(':') && !address.includes('%') && ipaddr.IPv6.isValid(address)
  if (!isAddress) return `it holds no IPv${kind[2]} address`
  if (bits === undefined) return `${rest.slice(slash)} is no prefix length`
  if (bits === 32 && kind === 'ip4') return { network: address, bits }
  const base = (kind === 'ip4' ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(`${address}/${bits}`)
  return { network: base instanceof ipaddr.IPv6 ? base.toRFC5952String() : base.toString(), bits }
}

function faulty(section: string, message: string): Fault {
  return { section: `RFC 7208 ${section}`, message }
}

/** What receivers look up a name for in a record: its terms that cost one of the ten look-ups (RFC 7208 §4.6.4). */
export interface SpfLookup {
  readonly kind: 'include' | 'exists' | 'ptr' | 'a' | 'mx' | 'redirect'
  /** The name that is looked up, where it is written and has no macro. */
  readonly target?: Name
  /** Whether what matches passes; of a redirect, what the other SPF says does. */
  readonly passes: boolean
}

/** By record: every rule asks, and most ask more than once. */
const known = new WeakMap<SpfRecord, readonly SpfLookup[]>()

/** The terms that cost a look-up, as far as receivers get: nothing after `all` (RFC 7208 §5.1). */
export function lookupsOf(record: SpfRecord): readonly SpfLookup[] {
  const found = known.get(record) ?? findLookups(record)
  known.set(record, found)
  return found
}

function findLookups(record: SpfRecord): SpfLookup[] {
  const lookups = heeded(record).flatMap((directive): SpfLookup[] => {
    if (directive.kind === 'all' || 'network' in directive) return []
    return [{ kind: directive.kind, passes: passes(directive), ...targetOf(directive.domain) }]
  })
  return record.redirect === undefined || hasAll(record)
    ? lookups
    : [...lookups, { kind: 'redirect', passes: true, ...targetOf(record.redirect) }]
}

function targetOf(domain: string | undefined): { target?: Name } {
  const name = domain === undefined ? undefined : plainName(domain)
  return name === undefined ? {} : { target: name }
}

/** The name that a term has; undefined where a macro is in it, or it is none. */
export function plainName(domain: string): Name | undefined {
  const name = domain.includes('%') ? undefined : parseName(domain)
  return typeof name === 'string' ? name : undefined
}

export function passes({ qualifier }: SpfDirective): boolean {
  return qualifier === '+'
}

export function hasAll({ directives }: SpfRecord): boolean {
  return directives.some(({ kind }) => kind === 'all')
}

/** The directives up to the first `all`, which always matches (RFC 7208 §5.1). */
export function heeded({ directives }: SpfRecord): readonly SpfDirective[] {
  const all = directives.findIndex(({ kind }) => kind === 'all')
  return all < 0 ? directives : directives.slice(0, all + 1)
}
