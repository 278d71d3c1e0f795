import type { SpfDns } from '../../../records/families/spf/evaluate/dns.js'
import {
  hasAll,
  heeded,
  isSpfValue,
  networkText,
  plainName,
  readSpf,
  type SpfLookupTerm,
  type SpfRecord,
} from '../../../records/families/spf/read-spf.js'
import { type Address, heldAddress, isPublic } from '../../../records/rr/address.js'
import { displayName, type Name } from '../../../records/rr/name.js'

/** An address that the SPF of a domain names. */
export interface ServedSender {
  readonly ip: Address
  /** The term of the domain's own SPF that leads to it. */
  readonly term: string
  /** The host where the term leads to one, else the network of which this is the first address. */
  readonly of: string
}

/** What is told of one include or redirect. */
const MOST_OF_INCLUDE = 4
/** Of a whole check, and of the hosts of an MX (RFC 7208 §4.6.4). */
const MOST_LOOKUPS = 10

interface Walk {
  readonly dns: SpfDns
  /** Records that are not looked into. */
  readonly isSkipped: (name: Name) => boolean
  lookups: number
}

/**
 * Addresses that the SPF served for a domain lets send: of each network the first, of `a` and `mx` those of their hosts, of
 * an include the first of a few networks. What `exists`, `ptr` and macros let in cannot be listed.
 */
export async function servedSenders(
  domain: Name,
  dns: SpfDns,
  isSkipped: (name: Name) => boolean = () => false,
): Promise<ServedSender[]> {
  const all = await sendersAt(domain, { dns, isSkipped, lookups: 0 })
  const found = new Map<Address, ServedSender>()
  for (const sender of all) if (isPublic(sender.ip) && !found.has(sender.ip)) found.set(sender.ip, sender)
  return [...found.values()]
}

/** The one SPF record at a name, where receivers can evaluate it. */
export async function spfAt(name: Name, dns: SpfDns): Promise<SpfRecord | undefined> {
  const answer = await dns(name, 'TXT')
  const [value, ...others] = answer.kind === 'answer' ? answer.records.filter(isSpfValue) : []
  return value === undefined || others.length > 0 ? undefined : readSpf(value).value
}

async function sendersAt(name: Name, walk: Walk): Promise<ServedSender[]> {
  const record = await spfAt(name, walk.dns)
  if (record === undefined) return []
  const found: ServedSender[] = []
  for (const directive of heeded(record)) {
    if (directive.kind === 'all' || directive.qualifier !== '+') continue
    if ('network' in directive) {
      const ip = heldAddress(directive.network)
      if (ip !== undefined) found.push({ ip, term: directive.text, of: networkText(directive) })
    } else found.push(...(await sendersOf(directive, name, walk)))
  }
  const { redirect } = record
  if (redirect !== undefined && !hasAll(record))
    found.push(...(await sendersIn(redirect, `redirect=${redirect}`, walk)))
  return found
}

async function sendersOf(directive: SpfLookupTerm, name: Name, walk: Walk): Promise<ServedSender[]> {
  const { kind, domain, text } = directive
  if (kind === 'include') return sendersIn(domain ?? '', text, walk)
  const target = domain === undefined ? name : plainName(domain)
  if ((kind !== 'a' && kind !== 'mx') || target === undefined || !hasLookup(walk)) return []
  const hosts = kind === 'a' ? [target] : await exchangesOf(target, walk)
  const found = await Promise.all(hosts.map((host) => addressesOf(host, walk)))
  return found.flatMap((addresses, index) =>
    addresses.map((ip) => ({ ip, term: text, of: displayName(hosts[index] as Name) })),
  )
}

async function sendersIn(domain: string, term: string, walk: Walk): Promise<ServedSender[]> {
  const target = plainName(domain)
  if (target === undefined || walk.isSkipped(target) || !hasLookup(walk)) return []
  const found = await sendersAt(target, walk)
  return found.slice(0, MOST_OF_INCLUDE).map(({ ip, of }) => ({ ip, term, of }))
}

function hasLookup(walk: Walk): boolean {
  walk.lookups += 1
  return walk.lookups <= MOST_LOOKUPS
}

async function exchangesOf(name: Name, { dns }: Walk): Promise<Name[]> {
  const answer = await dns(name, 'MX')
  const records = answer.kind === 'answer' ? answer.records : []
  return records.slice(0, MOST_LOOKUPS).flatMap(({ exchange }) => plainName(exchange) ?? [])
}

async function addressesOf(host: Name, { dns }: Walk): Promise<Address[]> {
  const answers = await Promise.all([dns(host, 'A'), dns(host, 'AAAA')])
  return answers.flatMap((answer) =>
    answer.kind === 'answer' ? answer.records.flatMap((text) => heldAddress(text) ?? []) : [],
  )
}
