import type { SpfAnswer, SpfDns, SpfQueryType, SpfRecords } from '../../../../records/families/spf/evaluate/dns.js'

/**
 * Records by name, each value with its type before it: `A 192.0.2.1`, `MX 10 mail.example.com`, `TXT v=spf1 -all`. A text
 * without a type is a TXT value. `failure` answers every query there with a server failure, `failure A` those of one type.
 */
export type Zones = Readonly<Record<string, readonly string[]>>

const TYPED = /^(?:(A|AAAA|MX|PTR|TXT|CNAME|failure)(?: |$))?(.*)$/s

/** DNS that answers from these zones, and what it was asked, in order: `A mail.example.com`. */
export function dnsOf(zones: Zones): SpfDns & { readonly asked: string[] } {
  const byName = new Map(
    Object.entries(zones).map(([name, values]) => [name.toLowerCase(), values.map((value) => read(value))]),
  )
  const asked: string[] = []
  const answer = async <Type extends SpfQueryType>(name: string, type: Type): Promise<SpfAnswer<Type>> => {
    asked.push(`${type} ${name.slice(0, -1)}`)
    const key = name.slice(0, -1)
    const held = byName.get(key)
    if (held === undefined)
      return [...byName.keys()].some((other) => other.endsWith(`.${key}`)) ? { kind: 'nodata' } : { kind: 'nxdomain' }
    if (held.some((one) => one.type === 'failure' && (one.value === '' || one.value === type)))
      return { kind: 'failure', why: 'SERVFAIL' }
    const alias = held.find((one) => one.type === 'CNAME')
    if (alias) return answer(`${alias.value}.`, type)
    const records = held.filter((one) => one.type === type).map(({ value }) => rdata(type, value))
    return records.length === 0 ? { kind: 'nodata' } : { kind: 'answer', records }
  }
  return Object.assign(answer as SpfDns, { asked })
}

function read(text: string): { readonly type: string; readonly value: string } {
  const [, type = 'TXT', value = ''] = TYPED.exec(text) ?? []
  return { type, value }
}

function rdata<Type extends SpfQueryType>(type: Type, value: string): SpfRecords[Type] {
  if (type !== 'MX') return value as SpfRecords[Type]
  const [preference, exchange = ''] = value.split(' ')
  return { preference: Number(preference), exchange } as SpfRecords[Type]
}
