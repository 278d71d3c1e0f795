import type { Name } from '../../records/rr/name.js'
import { type Change, canonical, keyOf, type RRset, rdataKey, sameRRset, subjectOf } from '../../records/rr/rrset.js'
import { parsing } from '../dns/exchange.js'
import { decodeRdata, exactRdata } from '../dns/wire-rdata.js'
import type { Rfc2136Options } from './options.js'
import { rrsetOf, transferZone } from './transfer.js'
import type { WireValue } from './update.js'

/** An RRset as it stands on the server now. */
interface HeldRRset {
  readonly rrset: RRset
  readonly values: readonly WireValue[]
}

/** `keyOf` → RRset, of all owner names that some changes are about. */
export type HeldRRsets = ReadonlyMap<string, HeldRRset>

/**
 * Reads back what stands at the names of some changes. By zone transfer, because the answer to a query may come from a
 * wildcard or another view.
 */
export async function readHeld(
  server: Rfc2136Options,
  zone: Name,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<HeldRRsets> {
  const names = new Set<string>(changes.map((change) => subjectOf(change).name))
  const received = await transferZone(server, zone, signal, (key) => names.has(key.slice(0, key.indexOf(' '))))
  const held = new Map<string, HeldRRset>()
  for (const [key, set] of received) {
    const values = parsing(server, () =>
      set.records.map((record) => {
        const value = canonical({
          type: set.type,
          name: record.name,
          ttl: 0,
          rdata: [decodeRdata(set.type, record)],
        } as RRset)
        return { text: rdataKey(set.type, value.rdata[0] as never), rdata: exactRdata(set.type, record) }
      }),
    )
    held.set(key, { rrset: rrsetOf(server, set), values })
  }
  return held
}

/** Whether what stands there is what the change expects. */
export function isAsPlanned(change: Change, held: HeldRRsets): boolean {
  const { name, type } = subjectOf(change)
  const actual = held.get(`${name} ${type}`)?.rrset
  if (change.kind !== 'create') return actual !== undefined && sameRRset(actual, canonical(change.before))
  return actual === undefined && (type === 'CNAME' || !held.has(`${name} CNAME`))
}

/** Whether the change has been made. */
export function isWritten(change: Change, held: HeldRRsets): boolean {
  const actual = held.get(keyOf(subjectOf(change)))?.rrset
  if (change.kind === 'delete') return actual === undefined
  return actual !== undefined && sameRRset(actual, canonical(change.after))
}
