import { type Name, parseName } from '../records/rr/name.js'
import { encodeOctets } from '../records/rr/octets.js'
import { type OpaqueRRset, opaque } from '../records/rr/rrset.js'

/** What belongs to the zone itself or is made by its signer: no record of anybody (provider.ts, `read`). */
const LEFT_OUT: ReadonlySet<string> = new Set(['SOA', 'RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM'])

export function isLeftOut(type: string): boolean {
  return LEFT_OUT.has(type)
}

/** An RRset of a type mailsync does not write, as it is seen; undefined for those that `read` leaves out. */
export function otherRRset(
  name: Name,
  type: string,
  ttl: number,
  rdata: readonly string[] = [],
): OpaqueRRset | undefined {
  return isLeftOut(type) ? undefined : opaque(name, type, ttl, rdata)
}

/** Why an RRset that has a value like this is seen and not written. */
export function notOfType(type: string): string {
  return `one of its values is no ${type} record`
}

/** A whole name as APIs show it, with or without the trailing dot, maybe in Unicode. A stranger's odd name is kept as it is. */
export function absoluteName(text: string): Name {
  const name = parseName(text)
  return typeof name === 'string' ? name : escapedName(`${text.toLowerCase().replace(/\.$/, '')}.`)
}

/** A name whose odd octets stand bare, as an API may show them: escaped as in any {@link Name}, so that no terminal obeys one. */
export function escapedName(text: string): Name {
  const escaped = text.replace(/[^!-~]/gu, (char) =>
    [...encodeOctets(char)].map((octet) => `\\${String(octet).padStart(3, '0')}`).join(''),
  )
  return escaped as Name
}
