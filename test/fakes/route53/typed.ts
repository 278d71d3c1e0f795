import { type Caa, type Mx, rdataText, type Srv } from '../../../records/rr/rdata.js'
import type { RRset } from '../../../records/rr/rrset.js'
import type { Txt } from '../../../records/rr/txt.js'
import { stored } from './name.js'
import type { FakeSet, FakeZone } from './zone.js'

/**
 * An RRset as somebody types it into the console: names without the trailing dot, long TXT in pieces of 200 octets with
 * nothing between them, values in the order they came to mind.
 */
export function typed(rrset: RRset): FakeSet {
  const values = rrset.rdata.map((rdata): string => {
    if (rrset.type === 'TXT') return typedTxt(rdata as Txt)
    if (rrset.type === 'MX') return `${(rdata as Mx).preference} ${withoutDot((rdata as Mx).exchange)}`
    if (rrset.type === 'SRV') {
      const { priority, weight, port, target } = rdata as Srv
      return `${priority} ${weight} ${port} ${withoutDot(target)}`
    }
    if (rrset.type === 'TLSA') return rdataText(rrset.type, rdata).toUpperCase()
    if (rrset.type === 'CAA') {
      const { flags, tag, value } = rdata as Caa
      return `${flags} ${tag} "${[...Buffer.from(value)].map(typedOctet).join('')}"`
    }
    return rrset.type === 'A' || rrset.type === 'AAAA' ? (rdata as string) : withoutDot(rdata as string)
  })
  return { name: stored(rrset.name), type: rrset.type, ttl: rrset.ttl, values: values.reverse() }
}

/** Puts the RRsets into the zone as typed; those without rdata are taken away. */
export function putTyped(zone: FakeZone, rrsets: readonly RRset[]): void {
  for (const set of rrsets.map(typed)) {
    const others = zone.sets.filter(({ name, type }) => name !== set.name || type !== set.type)
    zone.sets = set.values.length > 0 ? [...others, set] : others
  }
}

function typedTxt(txt: Txt): string {
  return typeof txt === 'string' ? typedText(txt) : txt.map(typedText).join(' ')
}

function typedText(text: string): string {
  const pieces: string[] = []
  const octets = [...Buffer.from(text)]
  for (let start = 0; start < Math.max(octets.length, 1); start += 200)
    pieces.push(
      `"${octets
        .slice(start, start + 200)
        .map(typedOctet)
        .join('')}"`,
    )
  return pieces.join('')
}

function typedOctet(octet: number): string {
  const char = String.fromCharCode(octet)
  if (char === '"' || char === '\\') return `\\${char}`
  return octet < 32 || octet > 126 ? `\\${octet.toString(8).padStart(3, '0')}` : char
}

function withoutDot(name: string): string {
  return name === '.' ? name : name.replace(/\.$/, '')
}
