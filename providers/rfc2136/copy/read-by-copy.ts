import type { AnyRRset } from '../../../records/rr/rrset.js'
import { parsing } from '../../dns/exchange.js'
import { type Transfer, transferChanges, transferZone } from '../transfer.js'
import type { ZoneCopies } from './zone-copies.js'
import { copyOf, rrsetsOf, WrongCopy, withDifferences, type ZoneCopy } from './zone-copy.js'

/**
 * Reads a zone as `readZone` does, but asks only for what has changed since a copy was made (IXFR, RFC 1995); where nothing
 * has, the answer is one SOA. What does not follow from the copy is read whole.
 *
 * The copy is what the zone was at its serial. A zone that got other records under the same serial (a backup that was restored)
 * is not seen so for some days, until it is read whole again; the prerequisites of a write are, and after a write that fails there is
 * no copy.
 */
export async function readByCopy(copies: ZoneCopies, transfer: Transfer): Promise<AnyRRset[]> {
  const { zone } = transfer
  const copy = copies.find(zone)
  const known = copy && (await brought(copies, transfer, copy))
  const now = known ?? (await copied(copies, transfer))
  if (now !== copy) copies.save(zone, now)
  return parsing(transfer.server, () => rrsetsOf(now))
}

async function copied({ now }: ZoneCopies, transfer: Transfer): Promise<ZoneCopy> {
  const { serial, records } = await transferZone(transfer)
  return parsing(transfer.server, () => copyOf(serial, now(), records))
}

/** The copy as it is now; undefined where the server does not say it, or what it says does not follow. */
async function brought({ now }: ZoneCopies, transfer: Transfer, copy: ZoneCopy): Promise<ZoneCopy | undefined> {
  const changes = await transferChanges(transfer, copy.serial)
  if (!changes) return undefined
  try {
    switch (changes.kind) {
      case 'same':
        return copy
      case 'whole':
        return copyOf(changes.serial, now(), changes.records)
      case 'differences':
        return withDifferences(copy, changes.serial, changes.differences)
    }
  } catch (error) {
    if (error instanceof WrongCopy || error instanceof RangeError) return undefined
    throw error
  }
}
