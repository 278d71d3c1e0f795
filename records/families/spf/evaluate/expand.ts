import ipaddr from 'ipaddr.js'
import type { Address } from '../../../rr/address.js'
import { encodeOctets } from '../../../rr/octets.js'
import type { Macro, MacroPiece } from '../domain-spec.js'

/** What the macro letters stand for (RFC 7208 §7.2), but for `p`, which takes DNS. */
export interface MacroValues {
  /** The sender's parts, `postmaster` where it has no local part. */
  readonly local: string
  readonly senderDomain: string
  /** The name whose record is evaluated, without the final dot. */
  readonly domain: string
  readonly ip: Address
  readonly helo: string
  /** The host that asks, for explanations. */
  readonly receiver: string
  /** Seconds since 1970, for explanations. */
  readonly time: number
  /** The validated name of the address, or `unknown`. */
  readonly validated: () => Promise<string>
}

/** The text that a macro-string expands to (RFC 7208 §7.3). */
export async function expand(pieces: readonly MacroPiece[], values: MacroValues): Promise<string> {
  let text = ''
  for (const piece of pieces) text += typeof piece === 'string' ? piece : await expandMacro(piece, values)
  return text
}

async function expandMacro(macro: Macro, values: MacroValues): Promise<string> {
  const parts = partsOf(await meaningOf(macro.letter, values), macro.delimiters)
  const ordered = macro.isReversed ? parts.reverse() : parts
  const kept = macro.keep === undefined ? ordered : ordered.slice(-macro.keep)
  const text = kept.join('.')
  return macro.isEscaped ? escapeUrl(text) : text
}

function partsOf(value: string, delimiters: string): string[] {
  const parts = ['']
  for (const character of value)
    if (delimiters.includes(character)) parts.push('')
    else parts[parts.length - 1] += character
  return parts
}

async function meaningOf(letter: string, values: MacroValues): Promise<string> {
  const { local, senderDomain, domain, ip, helo, receiver, time, validated } = values
  switch (letter) {
    case 's':
      return `${local}@${senderDomain}`
    case 'l':
      return local
    case 'o':
      return senderDomain
    case 'd':
      return domain
    case 'i':
      return ip.includes(':') ? nibbles(ip) : ip
    case 'p':
      return validated()
    case 'v':
      return ip.includes(':') ? 'ip6' : 'in-addr'
    case 'h':
      return helo
    case 'c':
      return ip
    case 'r':
      return receiver
    default:
      return String(time)
  }
}

/** An IPv6 address as its 32 hexadecimal digits, first to last, with dots between them. */
function nibbles(ip: Address): string {
  const octets = ipaddr.parse(ip).toByteArray()
  return octets.flatMap((octet) => [...octet.toString(16).padStart(2, '0')]).join('.')
}

/** All but the unreserved characters of RFC 3986 §2.3 as `%XX`. */
function escapeUrl(text: string): string {
  return [...encodeOctets(text)]
    .map((octet) => {
      const character = String.fromCharCode(octet)
      return /[A-Za-z0-9._~-]/.test(character) ? character : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
