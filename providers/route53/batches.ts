import type { Change as NativeChange } from '@aws-sdk/client-route-53'
import { MailsyncError } from '../../records/error.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type Batch, fits, packed } from '../write-batches.js'
import { type ListedZone, spelledIn, toNative } from './convert.js'
import { MAX_CHARACTERS, MAX_RECORDS } from './limits.js'

/** Changes that Route 53 makes together or not at all. */
export interface Route53Batch extends Batch {
  readonly elements: readonly NativeChange[]
}

interface Weighed {
  readonly change: Change
  readonly elements: readonly NativeChange[]
  /** Of values, and of their characters. */
  readonly sizes: readonly [records: number, characters: number]
}

const LIMITS = [MAX_RECORDS, MAX_CHARACTERS] as const

/**
 * The changes as requests, in their order, each as full as the limits allow; an RRset is never divided.
 *
 * An update is DELETE of the set exactly as it stands and CREATE of the new one: the server refuses it when somebody
 * changed the set, which an UPSERT would not. `native` is the zone as it was listed.
 */
export function batchesOf(changes: readonly Change[], native: ListedZone['native']): Route53Batch[] {
  const weighed = changes.map((change) => weigh(change, native))
  return packed(weighed, ({ sizes }) => sizes, LIMITS).map(toBatch)
}

/** Throws `rejected` for a change that is over the limits of a request, so that it cannot be sent. */
export function requireSendable(changes: readonly Change[], native: ListedZone['native']): void {
  const oversize = changes.find((change) => !fits(weigh(change, native).sizes, LIMITS))
  if (oversize === undefined) return
  const record = keyOf(subjectOf(oversize))
  throw new MailsyncError('rejected', `${record} is too large for one Route 53 request`, {
    where: { record },
    hint: `a request holds ${MAX_RECORDS} values and ${MAX_CHARACTERS} characters, those that are replaced included; change it in two steps`,
  })
}

function weigh(change: Change, native: ListedZone['native']): Weighed {
  const elements: NativeChange[] = []
  const before = change.kind === 'create' ? undefined : spelledIn(native, change.before)
  if (before) elements.push({ Action: 'DELETE', ResourceRecordSet: before })
  if (change.kind !== 'delete') elements.push({ Action: 'CREATE', ResourceRecordSet: toNative(change.after, before) })
  const values = elements.flatMap(({ ResourceRecordSet }) => ResourceRecordSet?.ResourceRecords ?? [])
  const characters = values.reduce((sum, { Value = '' }) => sum + Value.length, 0)
  return { change, elements, sizes: [values.length, characters] }
}

/** Deletions come first: Route 53 goes through the elements in order, and a CNAME must be gone before an A takes its place. */
function toBatch(weighed: readonly Weighed[]): Route53Batch {
  const elements = weighed.flatMap((one) => one.elements)
  return {
    changes: weighed.map(({ change }) => change),
    elements: [
      ...elements.filter(({ Action }) => Action === 'DELETE'),
      ...elements.filter(({ Action }) => Action === 'CREATE'),
    ],
  }
}
