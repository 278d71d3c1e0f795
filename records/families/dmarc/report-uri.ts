import { type Name, parseHostname } from '../../rr/name.js'
import { encodeOctets } from '../../rr/octets.js'

/** A mail address that reports go to. */
export interface ReportAddress {
  /** As in the URI: percent-encoded. */
  readonly local: string
  readonly domain: Name
}

/** One URI of `rua` or `ruf` (RFC 9989 §4.7). */
export interface ReportUri {
  /** Without the size. */
  readonly uri: string
  /** Undefined where it is no `mailto:`, and nothing is sent there. */
  readonly address?: ReportAddress
  /** `!10m`, which RFC 9989 ignores. */
  readonly size?: string
}

const SIZE = /^![0-9]{1,20}[kmgt]?$/i
const SCHEME = /^[a-z][a-z0-9+.-]*:/i
const MAILTO = 'mailto:'

/** Reads one URI; the reason where it is none that reports could be sent by. */
export function readReportUri(text: string): ReportUri | string {
  const bang = text.lastIndexOf('!')
  const hasSize = bang >= 0 && SIZE.test(text.slice(bang, bang + 23)) && text.length - bang <= 22
  const uri = hasSize ? text.slice(0, bang) : text
  const size = hasSize ? { size: text.slice(bang) } : {}
  if (uri.slice(0, MAILTO.length).toLowerCase() !== MAILTO)
    return SCHEME.test(uri) ? { uri, ...size } : 'it is no mail address'
  const query = uri.indexOf('?')
  const address = readAddress(uri.slice(MAILTO.length, query < 0 ? undefined : query))
  return address === undefined ? 'it is no mail address' : { uri, address, ...size }
}

/** Reads a mail address as a spec has it, with or without `mailto:`; undefined where it is none. */
export function readAddress(text: string): ReportAddress | undefined {
  const bare = text.slice(0, MAILTO.length).toLowerCase() === MAILTO ? text.slice(MAILTO.length) : text
  const [local = '', host = '', ...more] = bare.split('@')
  if (local === '' || more.length > 0 || /[\t\n\r !?]/.test(host) || /[\t\n\r ]/.test(local)) return undefined
  const domain = parseHostname(host)
  return typeof domain === 'string' ? { local: encoded(local), domain } : undefined
}

/** The URI of an address. */
export function mailto(address: ReportAddress): string {
  return `${MAILTO}${addressText(address)}`
}

/** The address as people write it, with what a URI has to encode still encoded. */
export function addressText({ local, domain }: ReportAddress): string {
  return `${local}@${domain.slice(0, -1)}`
}

/**
 * `,` `!` and `;` would end the URI (RFC 9989 §4.7), `?` its address (RFC 6068 §2), and a URI has ASCII only: those octets
 * are percent-encoded.
 */
function encoded(local: string): string {
  const percent = (octet: number): string => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  return local.replace(/[,!;?]|[^!-~]/gu, (char) => Array.from(encodeOctets(char), percent).join(''))
}
