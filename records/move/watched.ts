import { families } from '../families/index.js'
import type { KeySight } from '../families/key-sight.js'
import type { MailRecord, Slot } from '../families/mail-record.js'
import { isOf } from '../families/slot.js'
import { rdataTexts } from '../rr/rrset.js'

/** What servers are asked about: a slot that moves, and what is to stand there now. */
export interface Watched {
  readonly slot: Slot
  /** Undefined where nothing is to be there. */
  readonly record: MailRecord | undefined
  /** Seconds that a server may give it at most; absent where nobody decides that. */
  readonly ttl?: number | undefined
}

/** What a server holds at the place of a slot. */
export interface Shown {
  readonly server: string
  /** As `rdataText` gives them; none where there is nothing. */
  readonly values: readonly string[]
  readonly ttl: number
}

/** What the servers of its zone show of a slot. */
export function sightOfSlot(
  watched: Watched,
  shown: readonly Shown[],
  silent: KeySight['missing'],
): Pick<KeySight, 'servers' | 'missing'> {
  const servers: string[] = []
  const missing = [...silent]
  for (const one of shown) {
    const why = faultOf(watched, one)
    if (why === undefined) servers.push(one.server)
    else missing.push({ server: one.server, why })
  }
  return { servers, missing }
}

function faultOf({ slot, record, ttl }: Watched, { values, ttl: held }: Shown): string | undefined {
  const own = values.filter((value) => isOf(slot, value))
  const place = `${slot.name} ${slot.type}`
  if (!record) return own.length === 0 ? undefined : `${place} is still there`
  const wanted = rdataTexts(record.rrset)
  const { same } = families[slot.purpose]
  const lacks = wanted.filter((value) => !own.some((other) => same(value, other)))
  if (own.length === 0) return `${place} is not there`
  if (lacks.length > 0) return `${place} is another`
  if (own.length > wanted.length) return `${place} has more than it should`
  // The TTL that values share with those of others is not ours to say.
  const isShared = own.length < values.length
  return !isShared && ttl !== undefined && held > ttl ? `${place} still has a TTL of ${held}` : undefined
}
