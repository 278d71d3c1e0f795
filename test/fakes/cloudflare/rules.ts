import { isIP } from 'node:net'
import { DATA_FIELDS, type FakeRecord, madeFrom, quoted, txtOctets } from './record.js'

/** Why the API refuses. */
export interface ApiError {
  readonly status: number
  readonly code: number
  readonly message: string
  readonly source?: { readonly pointer: string }
}

export type FakePlan = 'free' | 'pro' | 'business' | 'enterprise'

const ADDRESS_TYPES = ['A', 'AAAA', 'CNAME']

export function refusal(code: number, message: string, status = 400): ApiError {
  return { status, code, message }
}

/** What the API makes of what it is sent: the name completed, trailing dots cut, over-long strings split, proxied is automatic. */
export function normalised(sent: Omit<FakeRecord, 'id'>, zone: string): Omit<FakeRecord, 'id'> {
  const lower = sent.name.toLowerCase().replace(/\.$/, '')
  const name = lower === zone || lower.endsWith(`.${zone}`) ? lower : `${lower}.${zone}`
  const made = sent.data && sent.type in DATA_FIELDS ? madeFrom(sent.type, sent.data) : { content: normalContent(sent) }
  const record = { ...sent, name, ...made }
  if (!ADDRESS_TYPES.includes(sent.type)) return record
  return { ...record, proxied: sent.proxied ?? false, ttl: sent.proxied ? 1 : sent.ttl }
}

function normalContent({ type, content }: Pick<FakeRecord, 'type' | 'content'>): string {
  if (['CNAME', 'MX', 'NS', 'PTR'].includes(type)) return content === '.' ? content : content.replace(/\.$/, '')
  if (type === 'TXT' && hasLongString(content)) return quoted(txtOctets(content))
  return content
}

/** Whether a string is over 255 octets; content whose strings are not stays as it was sent. */
function hasLongString(content: string): boolean {
  const strings = content.match(/"(?:[^"\\]|\\.)*"/gs) ?? [content]
  return strings.some((text) => txtOctets(text).length > 255)
}

/** The first rule that a record breaks among the others of its zone. */
export function brokenRule(record: FakeRecord, others: readonly FakeRecord[], plan: FakePlan): ApiError | undefined {
  const shortest = plan === 'enterprise' ? 30 : 60
  const comment = plan === 'free' ? 100 : 500
  const { type, content, ttl } = record
  if (ttl !== 1 && (ttl < shortest || ttl > 86_400)) return refusal(9021, 'Invalid TTL.')
  if (type === 'A' && isIP(content) !== 4) return refusal(9005, 'Content for A record must be a valid IPv4 address.')
  if (type === 'AAAA' && isIP(content) !== 6)
    return refusal(9006, 'Content for AAAA record must be a valid IPv6 address.')
  const missing = DATA_FIELDS[type]?.find((field) => !(field in (record.data ?? {})))
  if (missing !== undefined) return refusal(9101, `data.${missing} is a required data field.`)
  if (type === 'MX' && record.priority === undefined) return refusal(9100, 'priority is a required field.')
  if (type === 'MX' && isIP(content) !== 0) return refusal(9009, 'Content for MX record must be a hostname.')
  if (record.proxied && !ADDRESS_TYPES.includes(type)) return refusal(9004, 'This record type cannot be proxied.')
  if ((record.comment ?? '').length > comment) return refusal(9313, `DNS record comment is longer than ${comment}.`)
  if ((record.tags ?? []).length > 0 && plan === 'free')
    return refusal(9300, 'DNS record has tags, exceeding the quota of 0.')
  return (type === 'TXT' ? brokenTxtRule(record, others) : undefined) ?? conflict(record, others)
}

function brokenTxtRule(record: FakeRecord, others: readonly FakeRecord[]): ApiError | undefined {
  const octets = txtOctets(record.content)
  if (octets.length === 0 || octets.includes(10) || octets.includes(13))
    return refusal(9051, 'Content for TXT record is invalid.')
  if (octets.length + Math.ceil(octets.length / 255) > 4096) return refusal(9015, 'DNS record is too large.')
  const all = others.filter(({ type, name }) => type === 'TXT' && name === record.name)
  const together = [record, ...all].reduce((sum, { content }) => sum + txtOctets(content).length, 0)
  return together > 8192 ? refusal(83011, 'The combined content length of these records is too large.') : undefined
}

function conflict(record: FakeRecord, others: readonly FakeRecord[]): ApiError | undefined {
  const beside = others.filter(({ name }) => name === record.name)
  const isAddress = ADDRESS_TYPES.includes(record.type)
  if (record.type === 'CNAME' && beside.some(({ type }) => ADDRESS_TYPES.includes(type)))
    return refusal(81053, 'An A, AAAA, or CNAME record with that host already exists.')
  if (isAddress && beside.some(({ type }) => type === 'CNAME'))
    return refusal(81054, 'A CNAME record with that host already exists.')
  const twin = beside.find(
    ({ type, content, priority }) => type === record.type && content === record.content && priority === record.priority,
  )
  return twin && refusal(81058, 'An identical record already exists.')
}
