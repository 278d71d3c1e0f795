import { quoted } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import { parseAddress } from '../../records/rr/address.js'
import type { Calls } from '../calls/calls.js'
import type { TsigKey } from './tsig-key.js'

/** A DNS server to talk to over TCP, and how. */
export interface DnsServer {
  readonly host: string
  readonly port: number
  /** Use the host name's IPv6 addresses only. */
  readonly ipv6?: boolean
  /** Seconds to wait for the connection, for the next message, and for the whole of it once it has begun. */
  readonly timeout: number
  /** Absent: nothing is signed, and no answer can be verified. */
  readonly key?: TsigKey
  /** Told of every request. */
  readonly calls?: Calls | undefined
}

/** Where DNS servers are asked as a rule (RFC 1035 §4.2). */
export const DNS_PORT = 53

/** Where a DNS server is asked. */
export type ServerAddress = Pick<DnsServer, 'host' | 'port'>

/** The server as error messages name it. */
export function serverText({ host, port }: ServerAddress): string {
  return `${host} port ${port}`
}

/** Reads `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`; the port is 53 where none is given. */
export function parseServer(text: string): ServerAddress {
  const server = readServer(text)
  if (server) return server
  throw new MailsyncError('usage', `${quoted(text)} is no address of a DNS server`, {
    hint: 'write ADDRESS or ADDRESS:PORT, such as 192.0.2.53:53 or [2001:db8::53]:53',
  })
}

/** As {@link parseServer}; undefined where it is no address of a server. */
export function readServer(text: string): ServerAddress | undefined {
  const [, host = text, port = String(DNS_PORT)] =
    /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text) ?? /^([^:]*)(?::(\d{1,5}))?$/.exec(text) ?? []
  const [address = '', interfaceName] = host.split('%')
  const parsed = parseAddress(address)
  if (typeof parsed !== 'string' || Number(port) < 1 || Number(port) > 65_535) return undefined
  return { host: interfaceName === undefined ? parsed : `${parsed}%${interfaceName}`, port: Number(port) }
}
