import ipaddr from 'ipaddr.js'
import { type Address, heldAddress } from '../../../rr/address.js'

/** Who sends, as a receiver knows it. */
export interface SpfSender {
  /** Of the client. An IPv4 address written as IPv6 counts as IPv4 (RFC 7208 §5). */
  readonly ip: string
  /** The reverse-path, without angle brackets; empty or absent: `postmaster` at the HELO name (RFC 7208 §2.4). */
  readonly mailFrom?: string
  /** What the client said in HELO or EHLO. */
  readonly helo?: string
  /** Whose record is asked for; by default the domain of the reverse-path, else the HELO name (RFC 7208 §2.3). */
  readonly domain?: string
  /** The host that asks, which explanations may name. Default: `unknown` (RFC 7208 §7.3). */
  readonly receiver?: string
  /** Seconds since 1970, which explanations may name. Default: 0. */
  readonly time?: number
}

/** A sender with everything that is not said filled in. */
export interface Sender {
  readonly ip: Address
  readonly local: string
  readonly senderDomain: string
  readonly helo: string
  /** As written. */
  readonly domain: string
  readonly receiver: string
  readonly time: number
}

const POSTMASTER = 'postmaster'

/** Undefined where the address of the client is none. */
export function readSender({ ip, mailFrom = '', helo, domain, receiver, time }: SpfSender): Sender | undefined {
  const address = clientAddress(ip)
  if (address === undefined) return undefined
  const at = mailFrom.lastIndexOf('@')
  const named = mailFrom.slice(at + 1) || helo || domain || ''
  return {
    ip: address,
    local: mailFrom.slice(0, Math.max(at, 0)) || POSTMASTER,
    senderDomain: named,
    helo: helo ?? named,
    domain: domain ?? named,
    receiver: receiver ?? 'unknown',
    time: time ?? 0,
  }
}

function clientAddress(text: string): Address | undefined {
  const address = heldAddress(text)
  if (address === undefined || !address.startsWith('::ffff:')) return address
  const parsed = ipaddr.parse(address)
  return parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()
    ? (parsed.toIPv4Address().toString() as Address)
    : address
}
