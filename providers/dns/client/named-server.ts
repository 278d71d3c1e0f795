import { quoted } from '../../../records/cut.js'
import { type Name, parseHostname } from '../../../records/rr/name.js'
import { DNS_PORT, readServer, type ServerAddress, serverText } from '../server.js'
import type { Resolver } from './resolver.js'
import { addressesIn, type NameServer } from './zone-finder.js'

/** A server to ask: the address, or the name that has it. */
export interface NamedServer {
  readonly host: string
  readonly port: number
  /** Whether `host` is an address. */
  readonly isAddress: boolean
}

/** Reads `ADDRESS`, `ADDRESS:PORT`, `[IPV6]:PORT`, or a name in their place; why it is none of them. */
export function readNamedServer(text: string): NamedServer | string {
  const address = readServer(text)
  if (address) return { ...address, isAddress: true }
  const [, host = '', port = String(DNS_PORT)] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const name = parseHostname(host)
  if (typeof name !== 'string' || Number(port) < 1 || Number(port) > 65_535)
    return `${quoted(text)} is no server: write ADDRESS, ADDRESS:PORT, [IPV6]:PORT, or a name in their place`
  return { host: name, port: Number(port), isAddress: false }
}

/** The name server of a zone that somebody named, with its addresses. */
export async function nameServerAt(
  resolver: Resolver,
  { host, port, isAddress }: NamedServer,
  signal: AbortSignal,
): Promise<NameServer> {
  const name = nameServerOf({ host, port })
  if (isAddress) return { name, addresses: [{ host, port }] }
  const answers = await Promise.all(
    (['A', 'AAAA'] as const).map((type) => resolver.resolve({ name: host as Name, type }, signal)),
  )
  return { name, addresses: answers.flatMap(({ answer }) => addressesIn(answer, port)) }
}

/** With its port, where it has one of its own: that one address of a name cannot be reached does not count, and two ports are two servers. */
function nameServerOf({ host, port }: ServerAddress): Name {
  return (port === DNS_PORT ? host : serverText({ host, port })) as Name
}
