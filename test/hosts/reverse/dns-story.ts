import { expect } from 'vitest'
import { type Name, parseName } from '../../../records/rr/name.js'
import { addressAt } from '../../../records/rr/reverse.js'
import { type DnsProxy, isUpdate, startProxy } from '../../providers/rfc2136/proxy.js'
import type { DnsServer } from '../../servers/dns-server.js'

/** What receivers see at one moment: the names of each address, and the addresses of each name. */
export interface Moment {
  /** Address → PTRs. */
  readonly ptrs: ReadonlyMap<string, readonly string[]>
  /** Name → A and AAAA. */
  readonly forward: ReadonlyMap<string, readonly string[]>
}

/** A server behind a place that passes one write at a time, and looks at all zones after each. */
export interface DnsStory extends Pick<DnsProxy, 'host' | 'port'> {
  readonly moments: Moment[]
  /** What was written so far is forgotten, and DNS is looked at as it is. */
  begin(): Promise<Moment>
  close(): void
}

/**
 * @param zones all that are looked at, the forward one first
 * @param onMoment told of each before the writer is
 */
export async function dnsStory(
  server: DnsServer,
  zones: readonly string[],
  onMoment: (moment: Moment) => void = () => {},
): Promise<DnsStory> {
  const moments: Moment[] = []
  const note = async (): Promise<Moment> => {
    const moment = await momentOf(server, zones)
    moments.push(moment)
    onMoment(moment)
    return moment
  }
  let before = Promise.resolve()
  let end = (): void => {}
  const proxy = await startProxy(server, {
    onRequest: async (message) => {
      if (!isUpdate(message)) return message
      const last = before
      let done = (): void => {}
      before = new Promise((resolve) => {
        done = resolve
      })
      await last
      end = done
      return message
    },
    onReply: async (message) => {
      if (!isUpdate(message)) return message
      await note()
      end()
      return message
    },
  })
  return {
    host: proxy.host,
    port: proxy.port,
    moments,
    begin: () => {
      moments.length = 0
      return note()
    },
    close: proxy.close,
  }
}

/** What holds at every moment for whoever receives mail: one name an address, which has addresses, and this one when it is new. */
export function expectSafe(moments: readonly Moment[]): void {
  for (const [index, { ptrs, forward }] of moments.entries())
    for (const [address, names] of ptrs) {
      expect(names, `an address has one name: ${address}`).toHaveLength(1)
      const [name = ''] = names
      const addresses = forward.get(name) ?? []
      expect(addresses, `the PTR of ${address} leads to ${name}, which has an address`).not.toEqual([])
      const isNew = index > 0 && !moments[index - 1]?.ptrs.get(address)?.includes(name)
      if (isNew) expect(addresses, `${name} has ${address} before that has its PTR`).toContain(address)
    }
}

async function momentOf(server: DnsServer, zones: readonly string[]): Promise<Moment> {
  const lines = (await Promise.all(zones.map((zone) => transfer(server, zone)))).flat()
  const ptrs = new Map<string, string[]>()
  const forward = new Map<string, string[]>()
  for (const [name, type, rdata] of lines) {
    if (type === 'A' || type === 'AAAA') forward.set(name, [...(forward.get(name) ?? []), rdata])
    if (type !== 'PTR') continue
    const alias = lines.find(([, kind, target]) => kind === 'CNAME' && target === name)
    const address = addressAt(parseName(alias?.[0] ?? name) as Name) as string
    ptrs.set(address, [...(ptrs.get(address) ?? []), rdata])
  }
  return { ptrs, forward }
}

async function transfer(server: DnsServer, zone: string): Promise<[string, string, string][]> {
  const { name, secret, algorithm } = server.key
  const text = await server.dig('-y', `${algorithm}:${name}:${secret}`, '+noall', '+answer', zone, 'AXFR')
  return text.split('\n').flatMap((line): [string, string, string][] => {
    const [owner = '', , , type = '', ...rdata] = line.split(/\s+/)
    return owner === '' || owner.startsWith(';') ? [] : [[owner.toLowerCase(), type, rdata.join(' ')]]
  })
}
