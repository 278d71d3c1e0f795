import type { Name } from '../../records/rr/name.js'
import { CLASS, SOA, type WireRecord } from '../dns/message.js'
import { isLater } from '../dns/serial.js'
import { soaSerial } from '../dns/wire-rdata.js'

/** What leads from one version of a zone to the next (RFC 1995 §4). */
export interface Difference {
  readonly deleted: readonly WireRecord[]
  readonly added: readonly WireRecord[]
}

/** What a transfer brought. */
export type Transferred =
  /** The zone has the serial that was told to the server. */
  | { readonly kind: 'same' }
  | { readonly kind: 'differences'; readonly serial: number; readonly differences: readonly Difference[] }
  | { readonly kind: 'whole'; readonly serial: number; readonly records: readonly WireRecord[] }

/** The records of a transfer, as its messages bring them. */
export interface ZoneStream {
  /** Takes the records of one message; true with the last one. Throws {@link BrokenStream}, and a RangeError for a malformed SOA. */
  add(records: readonly WireRecord[]): boolean
  /** Once the last message was taken. */
  result(): Transferred
}

/** The records are no whole transfer. The message says why, or nothing where only the form is wrong. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream'
}

/**
 * Reads the answer to AXFR (RFC 5936 §2.2), or to IXFR (RFC 1995 §4), which is the SOA alone where there is nothing newer,
 * differences from version to version, or the whole zone.
 *
 * @param have the serial that was told to the server, with IXFR
 * @param isKept which records are wanted; the SOA never is
 */
export function zoneStream(zone: Name, have: number | undefined, isKept: (record: WireRecord) => boolean): ZoneStream {
  const records: WireRecord[] = []
  const differences: { deleted: WireRecord[]; added: WireRecord[] }[] = []
  let state: 'begin' | 'first' | 'whole' | 'deletions' | 'additions' | 'end' = 'begin'
  let kind: Transferred['kind'] = 'whole'
  let newest = 0
  let reached = 0

  const keep = (into: WireRecord[] | undefined, record: WireRecord): void => {
    if (record.class === CLASS.IN && isKept(record)) into?.push(record)
  }
  const beginDifference = (): void => {
    kind = 'differences'
    differences.push({ deleted: [], added: [] })
    state = 'deletions'
  }
  const takeSoa = (serial: number): void => {
    switch (state) {
      case 'begin':
        newest = serial
        state = 'first'
        return
      case 'deletions':
        reached = serial
        state = 'additions'
        return
      case 'additions':
        if (serial !== reached) throw new BrokenStream(`after the serial ${reached} comes what is from ${serial}`)
        if (reached === newest) state = 'end'
        else beginDifference()
        return
      case 'end':
        throw new BrokenStream()
      default:
        if (state === 'first' && serial === have && serial !== newest) beginDifference()
        else if (serial === newest) state = 'end'
        else throw new BrokenStream(`it begins with the serial ${newest} and ends with ${serial}`)
    }
  }
  const take = (record: WireRecord): void => {
    if (record.type === SOA && record.name === zone) takeSoa(soaSerial(record))
    else if (state === 'deletions') keep(differences.at(-1)?.deleted, record)
    else if (state === 'additions') keep(differences.at(-1)?.added, record)
    else if (state === 'first' || state === 'whole') {
      state = 'whole'
      keep(records, record)
    } else throw new BrokenStream()
  }
  return {
    add: (message) => {
      for (const record of message) take(record)
      if (state === 'begin') throw new BrokenStream()
      if (state === 'first' && have !== undefined) {
        if (newest !== have && !isLater(newest, have))
          throw new BrokenStream(`the server has the serial ${newest}, which is older than ${have}`)
        if (newest === have) {
          kind = 'same'
          state = 'end'
        }
      }
      return state === 'end'
    },
    result: () => {
      if (kind === 'same') return { kind }
      return kind === 'whole' ? { kind, serial: newest, records } : { kind, serial: newest, differences }
    },
  }
}
