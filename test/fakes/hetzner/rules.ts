import { isIP } from 'node:net'

/** Why the API refuses. */
export interface HetznerError {
  readonly status: number
  readonly code: string
  readonly message: string
}

export interface FakeRecord {
  readonly value: string
  readonly comment?: string | null
}

/** An RRset as the API holds and shows it. */
export interface FakeRRset {
  readonly name: string
  readonly type: string
  readonly ttl: number | null
  readonly records: readonly FakeRecord[]
  readonly protection: { readonly change: boolean }
}

const TYPES = 'A AAAA CAA CNAME DS HINFO HTTPS MX NS PTR RP SOA SRV SVCB TLSA TXT'.split(' ')
const TARGETS: Readonly<Record<string, RegExp>> = {
  MX: /^\d{1,5} \S+$/,
  CNAME: /^\S+$/,
  NS: /^\S+$/,
  PTR: /^\S+$/,
  SRV: /^\d+ \d+ \d+ \S+$/,
  CAA: /^\d+ [A-Za-z0-9]+ "(?:[^"\\]|\\.)*"$/,
  TLSA: /^\d+ \d+ \d+ (?:[0-9a-f]{2})+$/i,
}
const STRINGS = /^"(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*$/s

export function refusal(status: number, code: string, message: string): HetznerError {
  return { status, code, message }
}

export function invalid(field: string, why: string): HetznerError {
  return refusal(422, 'invalid_input', `invalid input in field '${field}': ${why}`)
}

/** The first rule that an RRset breaks among the others of its zone. */
export function brokenRule(rrset: FakeRRset, others: readonly FakeRRset[], zone: string): HetznerError | undefined {
  const { name, type, ttl, records } = rrset
  if (!TYPES.includes(type)) return invalid('type', 'is not supported')
  if (name === '' || name !== name.toLowerCase() || /[^ -~]/.test(name)) return invalid('name', 'is invalid')
  if (name.endsWith('.') || name === zone || name.endsWith(`.${zone}`)) return invalid('name', 'is not relative')
  if (ttl !== null && !(Number.isInteger(ttl) && ttl >= 60 && ttl <= 2_147_483_647))
    return invalid('ttl', 'must be in between 60 and 2147483647')
  if (records.length === 0) return invalid('records', 'must not be empty')
  if (new Set(records.map(({ value }) => value)).size < records.length)
    return invalid('records', 'must only contain distinct record values')
  if (!records.every(({ value }) => isValid(type, value))) return invalid('value', `is no ${type} record`)
  const beside = others.filter((other) => other.name === name && other.type !== type)
  const [cname] = [rrset, ...beside].filter((one) => one.type === 'CNAME')
  if (cname && (beside.length > 0 || cname.records.length > 1))
    return invalid('type', 'a CNAME must be alone at its name')
  return undefined
}

function isValid(type: string, value: string): boolean {
  if (type === 'A' || type === 'AAAA') return isIP(value) === (type === 'A' ? 4 : 6)
  if (type === 'TXT')
    return (
      STRINGS.test(value) && [...value.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].every(([, text = '']) => octets(text) <= 255)
    )
  return TARGETS[type]?.test(value) ?? true
}

/** Octets of a quoted string, its escapes resolved. */
function octets(text: string): number {
  return Buffer.byteLength(text.replaceAll(/\\\d{3}|\\./gs, '.'))
}
