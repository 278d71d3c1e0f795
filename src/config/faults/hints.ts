import { DURATION } from '../../../records/duration.js'
import type { SpecPath } from '../../../records/finding.js'
import { parseNetwork } from '../../../records/rr/address.js'
import { dmarcHint, spfHint } from '../records/record-hints.js'
import { hostHint } from './host-hints.js'
import { isNo, isPlain, isWord, isYes } from './yaml-words.js'

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const TTL = /^(?:\d{1,9}[smhdw])+$/i
/** A key and its value with no space between them. */
const GLUED = /^([a-z_]+):(\S{1,80})$/
const FAIL = 'write fail: "-all"'
const NO_TILDE = 'write softfail, the default: to YAML ~ is nothing'
const ALL_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    hardfail: FAIL,
    '-': FAIL,
    reject: FAIL,
    false: FAIL,
    '~': 'write softfail: "~all"',
    '?': 'write neutral: "?all"',
    none: 'write neutral: "?all"',
    pass: 'that would let everybody send in your name; write fail, softfail or neutral',
    '+all': 'that would let everybody send in your name; write fail, softfail or neutral',
  }),
)
const ALGORITHM_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    rsa: 'write rsa-2048',
    'rsa-sha256': 'write rsa-2048: a key is of a length, and the signer chooses sha256',
    'rsa-1024': 'write rsa-2048: 1024 bits are too few (RFC 8301 §3.2)',
    'ed25519-sha256': 'write ed25519',
  }),
)

/** What to write instead of a value of the wrong kind, by its place in the spec; undefined where that is not known. */
export function hintAt(path: SpecPath, expected: readonly string[], input: unknown): string | undefined {
  const value = typeof input === 'string' ? input.trim() : input
  return hintOfKey(path, value) ?? hintOfKind(expected, value)
}

function hintOfKey(path: SpecPath, value: unknown): string | undefined {
  const key = path.at(-1)
  if (key === 'ttl' || path[2] === 'ttl') return secondsHint('a TTL', value)
  if (key === 'max_age') return secondsHint('max_age', value)
  if (path.length === 0) return wholeHint(value)
  if (path.length === 1) return sectionHint(path[0], value)
  const ofHost = path[0] === 'hosts' ? hostHint(path, value) : undefined
  if (ofHost !== undefined) return ofHost
  if (key === 'caa') return caaHint(value)
  if (path[2] === 'dkim' && path[3] === 'keys' && path.length === 5) return heldKeyHint(value)
  if (path[0] === 'zones' && path.length === 2) return targetsHint(value)
  if (path[0] === 'domains' && path.length === 2 && value === null) return 'for one that has the defaults, write {}'
  if (path.at(-2) === 'relays' && value === null) return `write ${String(key)}: {}`
  if (path.at(-2) === 'spf' && key === 'all') return value === null ? NO_TILDE : otherWordHint(ALL_WORDS, value)
  if (path.at(-2) === 'algorithms') return otherWordHint(ALGORITHM_WORDS, value)
  if (path.at(-2) === 'dkim' && key === 'rotate') return rotateHint(value)
  if (key === 'selector' && typeof value === 'string') return selectorHint(value)
  if (key === 'fo' && Array.isArray(value) && value.every(isWord))
    return `write it as one text: fo: "${value.join(':')}"`
  const isPart = path[0] === 'defaults' ? path.length === 2 : path[0] === 'domains' && path.length === 3
  if (!isPart) return undefined
  if (key === 'mx') return mxHint(value)
  if (key === 'mail')
    return value === null || isNo(value) ? 'for a domain without mail, write mail: none; else leave it out' : undefined
  if (key === 'spf') return isRecord(value, 'v=spf1') ? spfHint(value) : senderHint(value)
  if (key === 'dmarc') return dmarcHintOf(value)
  if (key === 'mta_sts') return mtaStsHint(value)
  if (key === 'tls_rpt') return tlsRptHint(value)
  if (key === 'bimi') return bimiHint(value)
  if (key === 'clients') return clientsHint(value)
  if (key === 'relays') return value === null ? partHint(key, value) : undefined
  return key === 'dkim' ? dkimHint(value) : undefined
}

function hintOfKind(expected: readonly string[], value: unknown): string | undefined {
  if (expected.includes('a list')) return asList(value)
  if (expected.includes('true or false')) return isYes(value) ? 'write true' : isNo(value) ? 'write false' : undefined
  if (expected.includes('a number') || expected.includes('a whole number')) return asNumber(value)
  const [, key, rest] = (typeof value === 'string' && GLUED.exec(value)) || []
  if (expected.includes('a mapping') && key !== undefined) return `a space follows the colon: ${key}: ${rest}`
  if (Array.isArray(value) && value.length === 1 && isPlain(value[0])) return `write it without the list: ${value[0]}`
  return undefined
}

/** A number as people and other readers of YAML write it; YAML 1.2 takes these for text. */
function asNumber(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const number = Number(value.replaceAll('_', ''))
  if (!Number.isSafeInteger(number)) return undefined
  return String(number) === value ? `write it without quotes: ${value}` : `write ${number}`
}

function secondsHint(what: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/\s/g, '')
  if (!TTL.test(text)) return undefined
  const parts = text.toLowerCase().match(/\d+[smhdw]/g) ?? []
  const seconds = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (SECONDS[part.slice(-1)] ?? 0), 0)
  return `${what} is a number of seconds: ${seconds}`
}

function sectionHint(section: unknown, value: unknown): string | undefined {
  if (section === 'parked') return parkedHint(value)
  if (section === 'ownership') return ownershipHint(value)
  if (value === null && section === 'hosts')
    return 'leave hosts out, or name one: hosts: { mail.example.com: { addresses: [192.0.2.10] } }'
  if (value === null && section !== 'domains') return `leave ${section} out, or write what belongs there`
  const [first] = Array.isArray(value) ? value : [value]
  const name = typeof first === 'object' && first !== null ? Object.keys(first)[0] : (first ?? 'example.com')
  if (!isPlain(name)) return undefined
  if (section === 'domains') return `each domain is a key: domains: { ${name}: {} }`
  if (section === 'hosts') return `each host is a key: hosts: { ${name}: { addresses: [...] } }`
  return section === 'zones' ? `each zone is a key: zones: { ${name}: { targets: [...] } }` : undefined
}

function parkedHint(value: unknown): string | undefined {
  const file = typeof value === 'string' ? value : undefined
  if (file === undefined || /\.[a-z]{3,4}$/.test(file))
    return `write the names as a list; or a file that has one a line: parked: !lines ${file ?? 'parked.txt'}`
  return undefined
}

function ownershipHint(value: unknown): string | undefined {
  if (isYes(value)) return 'leave ownership out: it is { owner: default } then'
  return isNo(value) ? 'write false' : isPlain(value) ? `write { owner: ${value} }` : undefined
}

function heldKeyHint(value: unknown): string | undefined {
  if (isRecord(value, 'v=dkim1')) return 'write { txt: "v=DKIM1; …" }'
  return isPlain(value) ? `write { cname: ${value} }` : undefined
}

function targetsHint(value: unknown): string | undefined {
  if (value === null) return 'write { targets: [...] }, with a provider'
  const targets = Array.isArray(value) ? value : [value]
  return targets.length > 0 && targets.every(isPlain) ? `write { targets: [${targets.join(', ')}] }` : undefined
}

function mxHint(value: unknown): string | undefined {
  if (isNo(value)) return 'for a domain that receives no mail, write mx: none; leave mx out to publish no MX at all'
  if (value === null || isYes(value)) return 'name the hosts that receive its mail: mx: [mail.example.com]'
  const [, preference, host] = (typeof value === 'string' && /^(\d+)\s+(\S+)$/.exec(value)) || []
  if (preference !== undefined) return `write it as a list: [{ host: ${host}, preference: ${preference} }]`
  return typeof value === 'object' && value !== null ? mxByPreference(Object.entries(value)) : undefined
}

/** Of `{ 10: mail.example.com }` and `{ mail.example.com: 10 }`. */
function mxByPreference(entries: readonly (readonly [string, unknown])[]): string | undefined {
  const items = entries.flatMap(([key, value]) => {
    const [preference, host] = /^\d+$/.test(key) ? [key, value] : [value, key]
    return isWord(preference) && /^\d+$/.test(String(preference)) && isPlain(host)
      ? [`{ host: ${host}, preference: ${preference} }`]
      : []
  })
  return items.length > 0 && items.length === entries.length ? `write it as a list: [${items.join(', ')}]` : undefined
}

/** Parts that a domain has only where its keys are written, as one writes them first. */
const FIRST_KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    mta_sts: '{}, which is a policy for testing',
    tls_rpt: '{ rua: [tls@example.com] }',
    bimi: '{ location: https://example.com/logo.svg }',
    caa: '{ issue: [letsencrypt.org] }',
    clients: '{ host: mail.example.com, services: [imaps, submissions] }',
    relays: '[google]',
  }),
)

function partHint(key: string, value: unknown): string | undefined {
  const first = FIRST_KEYS.get(key)
  if (value === null || isYes(value))
    return first === undefined
      ? `leave ${key} out for its defaults, or write its keys`
      : `write ${key}: ${first}; or leave it out`
  return isNo(value) || value === 'none' ? `to publish none, write ${key}: false` : undefined
}

/** For `spf: _spf.example.net` and lists of such names and networks. */
function senderHint(value: unknown): string | undefined {
  const senders = Array.isArray(value) ? value : [value]
  if (senders.length === 0 || !senders.every((one) => isPlain(one) && /[.:]/.test(one))) return partHint('spf', value)
  const addresses = senders.filter((one) => typeof parseNetwork(one) === 'string')
  const names = senders.filter((one) => !addresses.includes(one))
  const keys = [
    ...(addresses.length > 0 ? [`addresses: [${addresses.join(', ')}]`] : []),
    ...(names.length > 0 ? [`include: [${names.join(', ')}]`] : []),
  ]
  return `write spf: { ${keys.join(', ')} }`
}

function selectorHint(value: string): string | undefined {
  const [selector = '', ...rest] = value.split('._domainkey')
  return rest.length > 0 ? `write what stands before ._domainkey alone: ${selector}` : undefined
}

/** What a spec is, for a file that has none. */
function wholeHint(value: unknown): string | undefined {
  if (value !== null) return undefined
  return 'the file is empty: `mailsync init` asks and writes a first spec, `mailsync import DOMAIN` writes one from what DNS holds now'
}

function otherWordHint(words: ReadonlyMap<string, string>, value: unknown): string | undefined {
  return isWord(value) ? words.get(String(value).toLowerCase()) : undefined
}

/** Of a record, of its tags without the version, and of a word. */
function dmarcHintOf(value: unknown): string | undefined {
  if (isRecord(value, 'v=dmarc1')) return dmarcHint(value)
  return typeof value === 'string' && /^p\s*=/i.test(value) ? dmarcHint(`v=DMARC1; ${value}`) : dmarcPolicyHint(value)
}

function dmarcPolicyHint(value: unknown): string | undefined {
  if (value === 'quarantine' || value === 'reject') return `write dmarc: { policy: ${value} }`
  if (value === 'none') return 'write dmarc: { policy: none }; to publish no record, dmarc: false'
  return partHint('dmarc', value)
}

/** Of a number of days or a duration, where more than that can be said. */
function rotateHint(value: unknown): string | undefined {
  const every = typeof value === 'number' ? `${value}d` : value
  return typeof every === 'string' && DURATION.test(every) ? `write { every: ${every} }` : undefined
}

function dkimHint(value: unknown): string | undefined {
  const words = Array.isArray(value) ? value : [value]
  const isAlgorithms = words.length > 0 && words.every((word) => isPlain(word) && /^(?:rsa|ed25519)/.test(word))
  return isAlgorithms ? `write dkim: { algorithms: [${words.join(', ')}] }` : partHint('dkim', value)
}

function mtaStsHint(value: unknown): string | undefined {
  if (isRecord(value, 'v=stsv1'))
    return 'write mta_sts: { mode: enforce } for a policy of this spec, or { id: … } for one that somebody else keeps'
  const isMode = value === 'enforce' || value === 'testing' || value === 'none'
  return isMode ? `write mta_sts: { mode: ${value} }` : partHint('mta_sts', value)
}

function tlsRptHint(value: unknown): string | undefined {
  const addresses = Array.isArray(value) ? value : [value]
  const areAddresses = addresses.length > 0 && addresses.every((one) => isPlain(one) && /@|^https:/i.test(one))
  return areAddresses ? `write tls_rpt: { rua: [${addresses.join(', ')}] }` : partHint('tls_rpt', value)
}

function bimiHint(value: unknown): string | undefined {
  if (isPlain(value) && /^https:/i.test(value)) return `write bimi: { location: ${value} }`
  if (value === 'none')
    return 'write bimi: { location: none } to say that no logo is wanted, or bimi: false to publish none'
  return partHint('bimi', value)
}

function caaHint(value: unknown): string | undefined {
  if (value === 'none') return 'for nobody to issue, write caa: { issue: none }; to publish none, caa: false'
  const cas = Array.isArray(value) ? value : [value]
  const areNames = cas.length > 0 && cas.every((ca) => isPlain(ca) && ca.includes('.'))
  return areNames ? `write caa: { issue: [${cas.join(', ')}] }` : partHint('caa', value)
}

function clientsHint(value: unknown): string | undefined {
  const isHost = isPlain(value) && value.includes('.')
  return isHost ? `write clients: { host: ${value}, services: [imaps, submissions] }` : partHint('clients', value)
}

function asList(value: unknown): string | undefined {
  if (isPlain(value)) return `write it as a list: [${value}]`
  if (typeof value === 'string') {
    const items = value.split(/[\s,;]+/).filter(Boolean)
    return items.length > 0 && items.every(isPlain) ? `write it as a list: [${items.join(', ')}]` : undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const keys = Object.keys(value)
  if (keys.includes('ca')) return 'write it as a list: [{ ca: … }]'
  if (keys.includes('host')) return 'write it as a list: [{ host: …, preference: … }]'
  return keys.length > 0 ? `write it as a list: [${keys.join(', ')}]` : undefined
}

function isRecord(value: unknown, version: string): value is string {
  return (
    typeof value === 'string' &&
    value
      .toLowerCase()
      .replace(/^v\s*=\s*/, 'v=')
      .startsWith(version)
  )
}
