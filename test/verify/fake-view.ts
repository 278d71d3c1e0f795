import type { Outcome } from '../../providers/dns/client/outcome.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { parseRdata, type RRType } from '../../records/rr/rdata.js'
import { type RRset, rdataTexts } from '../../records/rr/rrset.js'
import type { World } from '../../src/verify/ask/world.js'
import type { DnsView, Look } from '../../src/verify/view/dns-view.js'

/** Records by name without the last dot, each with its type before it: `A 192.0.2.1`; `failure` or `failure CAA`: no answer. */
export type Records = Readonly<Record<string, readonly string[]>>

/** DNS that answers from these records, at one name server. */
function fakeView(records: Records): DnsView {
  const values = (name: Name, type: string): readonly string[] =>
    (records[name.slice(0, -1)] ?? [])
      .filter((one) => one.startsWith(`${type} `))
      .map((one) => one.slice(type.length + 1))
  const setAt = (name: Name, type: RRType): RRset | undefined => {
    const texts = values(name, type)
    if (texts.length === 0) return undefined
    const rdata = texts.map((text) =>
      parseRdata(type, text, (word) => (word.endsWith('.') ? word : `${word}.`) as Name),
    )
    return { name, type, ttl: 3600, rdata } as RRset
  }
  const isThere = (name: Name): boolean =>
    Object.keys(records).some((other) => `${other}.` === name || `${other}.`.endsWith(`.${name}`))
  const fails = (name: Name, type: string): boolean =>
    (records[name.slice(0, -1)] ?? []).some((one) => one === 'failure' || one === `failure ${type}`)

  const look = async <T extends RRType>(name: Name, type: T): Promise<Look<T>> => {
    const via: Name[] = []
    for (let at = name; ; ) {
      if (fails(at, type)) return { kind: 'failure', why: 'SERVFAIL', via }
      const rrset = setAt(at, type)
      if (rrset) return { kind: 'answer', rrset, synthesized: false, via } as unknown as Look<T>
      const [alias] = values(at, 'CNAME')
      if (alias === undefined) return { kind: isThere(at) ? 'nodata' : 'nxdomain', via }
      via.push(at)
      at = `${alias}.` as Name
    }
  }
  const zone = 'example.com.' as Name
  const server = { nameServer: 'ns1.example.com.' as Name, address: { host: '192.0.2.53', port: 53 } }
  return {
    look,
    everywhere: async ({ name, type }) => {
      const rrset = setAt(name, type as RRType)
      const outcome: Outcome = rrset ? { kind: 'rrset', rrset, synthesized: false } : { kind: 'nodata' }
      return { zone, servers: [server], faults: [], said: [{ outcome, servers: [server] }] }
    },
    zone: async () => ({ zone, nameServers: [] }),
    delegation: async () => {
      throw new MailsyncError('unavailable', 'there is no parent')
    },
    spf: (async (name: Name, type: RRType) => {
      const found = await look(name, type)
      if (found.kind !== 'answer') return found
      const { rrset } = found
      return { kind: 'answer', records: rrset.type === 'MX' ? rrset.rdata : rdataTexts(rrset as RRset) }
    }) as DnsView['spf'],
  }
}

/** A world in which nothing but these records is. */
export function fakeWorld(records: Records, more: Partial<World> = {}): World {
  return {
    dns: fakeView(records),
    resolvers: [],
    fetchPolicy: async () => ({ kind: 'unreachable', why: 'ECONNREFUSED', isOurs: false }),
    validate: async () => undefined,
    portIsBlocked: async () => false,
    blocklists: false,
    signal: new AbortController().signal,
    ...more,
  }
}
