import { quoted } from '../../../records/cut.js'
import type { SpecPath } from '../../../records/finding.js'
import { parseAddress } from '../../../records/rr/address.js'
import { displayName, type Name, parentOf } from '../../../records/rr/name.js'
import { DOMAIN_TTLS, type Domain, type HeldKey, type MxTarget } from '../../../records/spec.js'
import { buildCaa } from '../certificates/build-caa.js'
import { buildClients } from '../clients/build-clients.js'
import { type DomainKind, kindOfDomain } from '../domain-name.js'
import type { KnownHosts } from '../known-hosts.js'
import { type Reading, ttlsOf } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'
import { buildBimi } from './build-bimi.js'
import { buildDkim, buildHeldKeys } from './build-dkim.js'
import { buildDmarc, buildDmarcAlias } from './build-dmarc.js'
import { buildKeySource } from './build-key-source.js'
import { buildMtaSts } from './build-mta-sts.js'
import { type BuiltRelays, buildRelays } from './build-relays.js'
import { buildSpf } from './build-spf.js'
import { buildTlsRpt } from './build-tls-rpt.js'

/** What all domains of a spec are built with. */
export interface SharedContext {
  readonly defaults: RawDefaults
  readonly ttl: number
  /** Who can open private keys, as age names them. */
  readonly recipients: readonly string[]
  readonly hosts: KnownHosts
}

interface Context extends SharedContext {
  readonly name: Name
  readonly from: SpecPath
}

/** A domain, and the names at which its relays take bounces. */
export type BuiltDomain = readonly [Domain, ...Domain[]]

/** One entry of `domains`, with the defaults merged in, key by key. */
export function buildDomain(reading: Reading, raw: RawDomain, context: Context): BuiltDomain {
  const { name, from, defaults } = context
  const kind = kindOfDomain(name)
  if (raw.mail === 'none') rejectMailKeys(reading, raw, from)
  if (kind !== 'mail') rejectOtherKeys(reading, raw, name, from)
  const parts = kind === 'mail' ? mailParts(reading, raw, context) : NO_PARTS
  const mx = buildMx(reading, raw.mx, [...from, 'mx'], context.hosts)
  const spf = buildSpf(reading, raw.spf, defaults.spf, [...from, 'spf'], context.hosts)
  const hasRelays = kind === 'mail' && raw.mail !== 'none'
  const added = hasRelays ? buildRelays(reading, raw.relays, defaults.relays, { name, from, mx }) : NO_RELAYS
  const ttl = ttlsOf(DOMAIN_TTLS, raw.ttl, context.ttl)
  const domain: Domain = {
    name,
    from,
    ttl,
    mail: raw.mail ?? 'normal',
    mx: mx ?? added.mx,
    spf: withIncludes(spf, added.include),
    ...parts,
    heldKeys: withKeysOf(reading, parts.heldKeys, added.heldKeys),
    caa: buildCaa(reading, raw.caa, defaults.caa, [...from, 'caa']),
    relays: added.relays,
  }
  const bounces = added.domains.map((one): Domain => {
    const ttls = { ...ttl, mx: ttl.relay, spf: ttl.relay }
    return { ...one, ...NO_PARTS, mail: 'normal', caa: false, relays: [], ttl: ttls }
  })
  return [domain, ...bounces]
}

type MailParts = Pick<
  Domain,
  'dkim' | 'heldKeys' | 'keySource' | 'dmarc' | 'dmarcAlias' | 'clients' | 'mtaSts' | 'tlsRpt' | 'bimi'
>

const NO_RELAYS: BuiltRelays = { relays: [], include: [], heldKeys: [], domains: [] }

/** The includes of relays after those that are written, each once; what is flattened is not included too. */
function withIncludes(spf: Domain['spf'], added: BuiltRelays['include']): Domain['spf'] {
  if (spf === false) return false
  const known = new Set([...spf.include, ...spf.flatten].map(({ value }) => value))
  const more = added.filter(({ value }) => !known.has(value) && known.add(value))
  return more.length === 0 ? spf : { ...spf, include: [...spf.include, ...more] }
}

/** The keys that are written, and those of relays; a selector has one. */
function withKeysOf(reading: Reading, own: readonly HeldKey[], added: readonly HeldKey[]): HeldKey[] {
  const keys = new Map(own.map((key) => [key.selector, key]))
  for (const key of added) {
    const first = keys.get(key.selector)
    if (first === undefined) keys.set(key.selector, key)
    else
      reading.report(
        'dkim-key-twice',
        first.from,
        `the relay ${key.from.at(-1)} has a key at the selector ${key.selector} too, and a selector has one (RFC 6376 §3.6.2.2)`,
        'remove it here, if it is the same',
      )
  }
  return [...keys.values()]
}

const NO_PARTS: MailParts = {
  dkim: false,
  heldKeys: [],
  dmarc: false,
  clients: false,
  mtaSts: false,
  tlsRpt: false,
  bimi: false,
}

/** What a domain has beside MX and SPF, where its name can have it. */
function mailParts(reading: Reading, raw: RawDomain, { name, from, defaults, hosts, recipients }: Context): MailParts {
  const isParked = raw.mail === 'none'
  const takesMail = receives(raw)
  const dkim = [...from, 'dkim']
  const alias = buildDmarcAlias(reading, raw.dmarc, [...from, 'dmarc'])
  return {
    dkim: buildDkim(reading, raw.dkim, defaults.dkim, { name, recipients, from: dkim }),
    heldKeys: isParked ? [] : buildHeldKeys(reading, raw.dkim, defaults.dkim, dkim),
    ...(!isParked && buildKeySource(reading, raw.dkim, defaults.dkim, dkim)),
    dmarc: alias
      ? false
      : buildDmarc(reading, raw.dmarc, isParked ? parkedDefaults(defaults.dmarc) : defaults.dmarc, [...from, 'dmarc']),
    ...(alias && { dmarcAlias: alias }),
    clients: buildClients(reading, raw.clients, takesMail ? defaults.clients : undefined, [...from, 'clients']),
    mtaSts: buildMtaSts(reading, raw.mta_sts, takesMail ? defaults.mta_sts : undefined, [...from, 'mta_sts'], hosts),
    tlsRpt: buildTlsRpt(reading, raw.tls_rpt, takesMail ? defaults.tls_rpt : undefined, [...from, 'tls_rpt']),
    bimi: buildBimi(reading, raw.bimi, isParked ? undefined : defaults.bimi, [...from, 'bimi']),
  }
}

const NO_KEYS: Readonly<Record<Exclude<DomainKind, 'mail'>, readonly (keyof RawDomain)[]>> = {
  wildcard: ['dkim', 'dmarc', 'clients', 'relays', 'mta_sts', 'tls_rpt', 'bimi'],
  spf: ['mail', 'mx', 'dkim', 'dmarc', 'clients', 'relays', 'mta_sts', 'tls_rpt', 'bimi'],
}

/** Where what a key means stands, before the domain. */
const LABELS: { readonly [key: string]: string } = {
  dkim: 'selector._domainkey',
  dmarc: '_dmarc',
  clients: '_imaps._tcp',
  relays: 'selector._domainkey',
  mta_sts: '_mta-sts',
  tls_rpt: '_smtp._tls',
  bimi: 'default._bimi',
}

/** What a name cannot have. */
function rejectOtherKeys(reading: Reading, raw: RawDomain, name: Name, from: SpecPath): void {
  const kind = kindOfDomain(name)
  if (kind === 'mail') return
  const shown = displayName(name)
  const parent = displayName(parentOf(name))
  for (const key of NO_KEYS[kind]) {
    if (raw[key] === undefined || raw[key] === false) continue
    const place = `${LABELS[key] ?? key}.${shown}`
    const [message, hint] =
      kind === 'spf'
        ? [
            `${shown} is no mail domain, as a label of it has an underscore (RFC 1123 §2.1): it has an SPF for others to include, and no ${key}`,
            `remove ${key}`,
          ]
        : [
            `a wildcard has no ${key}: in ${place} the asterisk is not the first label, so it stands for nothing (RFC 4592 §2.1.1)`,
            key === 'dkim'
              ? `sign with d=${parent}: mail from below it is aligned with that (RFC 9989 §4.4.1)`
              : key === 'dmarc'
                ? `remove it: what has no policy of its own has that of ${parent}, as dmarc.subdomains there says (RFC 9989 §4.10)`
                : `remove ${key}, or name the domains that have it`,
          ]
    reading.report(kind === 'spf' ? 'spf-name-with-mail' : 'wildcard-with-mail', [...from, key], message, hint, {
      atKey: true,
    })
  }
}

/** Only where mail arrives are there mailboxes for clients. */
function receives({ mail, mx }: RawDomain): boolean {
  return mail !== 'none' && Array.isArray(mx)
}

/** How strictly mail is aligned is said for domains that send; a parked one has it only where it says so itself. */
function parkedDefaults(dmarc: RawDefaults['dmarc']): RawDefaults['dmarc'] {
  return dmarc ? { ...dmarc, adkim: undefined, aspf: undefined, ramp: undefined } : dmarc
}

function rejectMailKeys(reading: Reading, raw: RawDomain, from: SpecPath): void {
  const { dmarc } = raw
  if (dmarc !== false && dmarc?.ramp)
    reading.report('parked-with-mail', [...from, 'dmarc', 'ramp'], 'a parked domain rejects at once', 'remove ramp', {
      atKey: true,
    })
  for (const key of ['mx', 'spf', 'dkim', 'clients', 'relays', 'tls_rpt'] as const)
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
  const meant = hosts.has(host) ? undefined : hosts.meantBy(host)
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
    reading.report('name', path, `${quoted(text)} is no host name`, hint)
    return undefined
  }
  if (text === '.') {
    reading.report('name', path, 'that is the null MX, for a domain that takes no mail (RFC 7505)', 'write mx: none')
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
