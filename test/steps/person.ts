import type { Name } from '../../records/rr/name.js'
import { joinName } from '../../records/rr/name.js'
import { quoteString, quoteTxt } from '../../records/rr/txt.js'
import type { DnsServer } from '../servers/dns-server.js'

/** The fields of one record, as they are printed. */
export type PrintedEntry = Readonly<Record<string, string>> & { readonly title: string }

const FIELD =
  /^ {5}((?:Old )?(?:Host|Type|Priority|Weight|Port|Flags|Tag|Usage|Selector|Matching type|Value|TTL))(?: +(.*))?$/i
const BELOW = /^\(\d[\d,]* characters?: all of the next line\)$/
const TITLE = /^ {0,3}(?:\d+\.| {2,3}) (\S.*?)(?: {2}\S+:\d+)?$/

/** Reads the steps of a plan as a person does: titles, labels, and what stands beside or below them. */
export function printedEntries(text: string): PrintedEntry[] {
  const entries: (Record<string, string> & { title: string })[] = []
  const lines = text.split('\n')
  let column = 0
  for (const [index, line] of lines.entries()) {
    const title = TITLE.exec(line)?.[1]
    if (title && lines[index + 1]?.startsWith('     Host')) entries.push({ title })
    const field = FIELD.exec(line)
    const [, label = ''] = field ?? []
    const entry = entries.at(-1)
    if (!field || !entry) continue
    if (label === 'Host') column = line.length - line.slice('     Host'.length).trimStart().length
    const beside = line.slice(column)
    entry[label] = BELOW.test(beside) ? (lines[index + 1] ?? '') : beside
  }
  return entries
}

/** Does in a zone what the printed steps say, as a panel would that takes every field as it is. */
export async function enter(server: DnsServer, zone: Name, entries: readonly PrintedEntry[]): Promise<void> {
  if (entries.length === 0) return
  const commands = (await Promise.all(entries.map((entry) => commandsOf(entry, zone, server)))).flat()
  await server.nsupdate(['check-names no', `zone ${zone}`, ...commands].join('\n'))
}

async function commandsOf(entry: PrintedEntry, zone: Name, server: DnsServer): Promise<string[]> {
  const { title, Host = '', Type = '', TTL } = entry
  const at = (host: string): string => (host === '@' ? zone : joinName(host, zone))
  const rdata = rdataOf(entry, (label) => entry[label])
  if (title.startsWith('Delete')) return [`update delete ${at(Host)} ${Type} ${rdata}`]
  if (title.startsWith('Add')) return [`update add ${at(Host)} ${TTL} ${Type} ${rdata}`]
  const place = at(entry['Old host'] ?? Host)
  const [, ttl = '3600'] = (await server.dig('+noall', '+answer', place, Type)).split(/\s+/)
  const old = rdataOf(entry, (label) => entry[`Old ${label.toLowerCase()}`] ?? entry[label])
  return [`update delete ${place} ${Type} ${old}`, `update add ${at(Host)} ${ttl} ${Type} ${rdata}`]
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  CAA: ['Flags', 'Tag'],
  MX: ['Priority'],
  SRV: ['Priority', 'Weight', 'Port'],
  TLSA: ['Usage', 'Selector', 'Matching type'],
}
const NAMES = ['CNAME', 'MX', 'NS', 'PTR', 'SRV']

/** @param field what a field has, by its label */
function rdataOf({ Type = '' }: PrintedEntry, field: (label: string) => string | undefined): string {
  const value = field('Value') ?? ''
  if (Type === 'TXT') return quoteTxt(value)
  const last = Type === 'CAA' ? quoteString(value) : NAMES.includes(Type) && value !== '.' ? `${value}.` : value
  return [...(FIELDS[Type] ?? []).map(field), last].join(' ')
}
