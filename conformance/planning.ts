import type { Provider } from '../providers/provider.js'
import { diffZone, type ZoneDiff } from '../records/diff.js'
import type { MailRecord } from '../records/families/mail-record.js'
import { zoneWith } from '../records/rr/zone.js'
import { assertWritten, never, ZONE } from './subject.js'

/** What mailsync would change in the zone so that it holds these records. */
export async function planOf(provider: Provider, desired: readonly MailRecord[]): Promise<ZoneDiff> {
  return diffZone({
    zone: zoneWith(ZONE, await provider.read(ZONE, never)),
    desired,
    owner: 'default',
    manifestTtl: 3600,
  })
}

/** Plans, and writes what differs. */
export async function reconcile(provider: Provider, desired: readonly MailRecord[]): Promise<ZoneDiff> {
  const diff = await planOf(provider, desired)
  if (diff.edits.length > 0) {
    const changes = diff.edits.map(({ change }) => change)
    assertWritten(await provider.write(ZONE, changes, never))
  }
  return diff
}
