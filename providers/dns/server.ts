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
}

/** Where DNS servers are asked as a rule (RFC 1035 §4.2). */
export const DNS_PORT = 53

/** Where a DNS server is asked. */
export type ServerAddress = Pick<DnsServer, 'host' | 'port'>

/** The server as error messages name it. */
export function serverText({ host, port }: ServerAddress): string {
  return `${host} port ${port}`
}
