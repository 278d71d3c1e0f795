import type { SpecPath } from '../../../records/finding.js'
import { dmarcHint, spfHint } from '../records/record-hints.js'

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const DURATION = /^(?:\d{1,9}[smhdw])+$/i
const YES: readonly unknown[] = [true, 'yes', 'on', 'true', 'y']
const NO: readonly unknown[] = [false, 'no', 'off', 'false', 'n']

/** What to write instead of a value of the wrong kind, by its place in the spec; undefined where that is not known. */
export function hintAt(path: SpecPath, expected: readonly string[], input: unknown): string | undefined {
  const value = typeof input === 'string' ? input.trim() : input
  return hintOfKey(path, value) ?? hintOfKind(expected, value)
}

function hintOfKey(path: SpecPath, value: unknown): string | undefined {
  const key = path.at(-1)
  if (key === 'ttl' || path[2] === 'ttl') return secondsHint('a TTL', value)
  if (key === 'max_age') return secondsHint('max_age', value)
  if (path.length === 1) return sectionHint(path[0], value)
  if (path[0] === 'hosts' && path.length === 2) return addressesHint(value)
  if (key === 'caa') return caaHint(value)
  if (path[2] === 'dkim' && path[3] === 'keys' && path.length === 5) return heldKeyHint(value)
  if (path[0] === 'zones' && path.length === 2) return targetsHint(value)
  if (path.at(-2) === 'relays' && value === null) return `write ${String(key)}: {}`
  const isPart = path[0] === 'defaults' ? path.length === 2 : path[0] === 'domains' && path.length === 3
  if (!isPart) return undefined
  if (key === 'mx') return mxHint(value)
  if (key === 'mail') return isNo(value) ? 'for a domain without mail, write mail: none; else leave it out' : undefined
  if (key === 'spf') return isRecord(value, 'v=spf1') ? spfHint(value) : partHint('spf', value)
  if (key === 'dmarc') return isRecord(value, 'v=dmarc1') ? dmarcHint(value) : dmarcPolicyHint(value)
  if (key === 'mta_sts') return mtaStsHint(value)
  if (key === 'tls_rpt') return tlsRptHint(value)
  if (key === 'bimi') return bimiHint(value)
  if (key === 'clients') return clientsHint(value)
  return key === 'dkim' ? dkimHint(value) : undefined
}

function hintOfKind(expected: readonly string[], value: unknown): string | undefined {
  if (expected.includes('a list')) return asList(value)
  if (expected.includes('true or false')) return isYes(value) ? 'write true' : isNo(value) ? 'write false' : undefined
  const isNumber = expected.includes('a number') || expected.includes('a whole number')
  if (isNumber && typeof value === 'string' && /^\d+$/.test(value)) return `write it without quotes: ${value}`
  if (Array.isArray(value) && value.length === 1 && isPlain(value[0])) return `write it without the list: ${value[0]}`
  return undefined
}

function secondsHint(what: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/\s/g, '')
  if (!DURATION.test(text)) return undefined
  const parts = text.toLowerCase().match(/\d+[smhdw]/g) ?? []
  const seconds = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (SECONDS[part.slice(-1)] ?? 0), 0)
  return `${what} is a number of seconds: ${seconds}`
}

function sectionHint(section: unknown, value: unknown): string | undefined {
  if (section === 'parked') return parkedHint(value)
  if (section === 'ownership') return ownershipHint(value)
  const names = Array.isArray(value) ? value : [value]
  const [name] = names
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

function addressesHint(value: unknown): string | undefined {
  const addresses = Array.isArray(value) ? value : [value]
  return addresses.length > 0 && addresses.every(isPlain) ? `write { addresses: [${addresses.join(', ')}] }` : undefined
}

function targetsHint(value: unknown): string | undefined {
  const targets = Array.isArray(value) ? value : [value]
  return targets.length > 0 && targets.every(isPlain) ? `write { targets: [${targets.join(', ')}] }` : undefined
}

function mxHint(value: unknown): string | undefined {
  if (isNo(value)) return 'for a domain that receives no mail, write mx: none; leave mx out to publish no MX at all'
  if (isYes(value)) return 'name the hosts that receive its mail: mx: [mail.example.com]'
  const [, preference, host] = (typeof value === 'string' && /^(\d+)\s+(\S+)$/.exec(value)) || []
  if (preference !== undefined) return `write it as a list: [{ host: ${host}, preference: ${preference} }]`
  return undefined
}

function partHint(key: string, value: unknown): string | undefined {
  if (isYes(value)) return `leave ${key} out for its defaults, or write its keys`
  return isNo(value) || value === 'none' ? `to publish none, write ${key}: false` : undefined
}

function dmarcPolicyHint(value: unknown): string | undefined {
  if (value === 'quarantine' || value === 'reject') return `write dmarc: { policy: ${value} }`
  if (value === 'none') return 'write dmarc: { policy: none }; to publish no record, dmarc: false'
  return partHint('dmarc', value)
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

function isPlain(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s,[\]{}]+$/.test(value)
}

function isYes(value: unknown): boolean {
  return YES.includes(typeof value === 'string' ? value.toLowerCase() : value)
}

function isNo(value: unknown): boolean {
  return NO.includes(typeof value === 'string' ? value.toLowerCase() : value)
}
