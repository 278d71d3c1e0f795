import type { Change as NativeChange, ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Change, RRset } from '../../records/rr/rrset.js'
import { toNative } from './record-set.js'

/** ResourceRecord elements in one ChangeResourceRecordSets request (Developer Guide, "Quotas", read 2026-11). */
export const MAX_RECORDS = 1000
/** Characters of all Value elements in one request. DELETE and CREATE count once, UPSERT twice. */
export const MAX_CHARACTERS = 32_000

/** Changes that Route 53 makes together or not at all. */
export interface Batch {
  readonly changes: readonly Change[]
  readonly elements: readonly NativeChange[]
  /** A single change that is over the limits of a request, so that it cannot be sent. */
  readonly oversize: boolean
}

interface Weighed {
  readonly change: Change
  readonly elements: readonly NativeChange[]
  readonly records: number
  readonly characters: number
}

/**
 * The changes as requests, in their order, each as full as the limits allow; an RRset is never divided.
 *
 * An update is DELETE of the set exactly as it stands and CREATE of the new one: the server refuses it when somebody
 * changed the set, which an UPSERT would not. `spelled` gives the set a DELETE must repeat.
 */
export function toBatches(changes: readonly Change[], spelled: (before: RRset) => ResourceRecordSet): Batch[] {
  const batches: Weighed[][] = []
  let records = 0
  let characters = 0
  for (const change of changes) {
    const weighed = weigh(change, spelled)
    records += weighed.records
    characters += weighed.characters
    const last = batches.at(-1)
    if (last && fits(records, characters)) last.push(weighed)
    else {
      batches.push([weighed])
      ;({ records, characters } = weighed)
    }
  }
  return batches.map(toBatch)
}

function weigh(change: Change, spelled: (before: RRset) => ResourceRecordSet): Weighed {
  const elements: NativeChange[] = []
  if (change.kind !== 'create') elements.push({ Action: 'DELETE', ResourceRecordSet: spelled(change.before) })
  if (change.kind !== 'delete') elements.push({ Action: 'CREATE', ResourceRecordSet: toNative(change.after) })
  const values = elements.flatMap(({ ResourceRecordSet }) => ResourceRecordSet?.ResourceRecords ?? [])
  return {
    change,
    elements,
    records: values.length,
    characters: values.reduce((sum, { Value = '' }) => sum + Value.length, 0),
  }
}

/** Deletions come first: Route 53 goes through the elements in order, and a CNAME must be gone before an A takes its place. */
function toBatch(weighed: readonly Weighed[]): Batch {
  const elements = weighed.flatMap((one) => one.elements)
  return {
    changes: weighed.map(({ change }) => change),
    elements: [
      ...elements.filter(({ Action }) => Action === 'DELETE'),
      ...elements.filter(({ Action }) => Action === 'CREATE'),
    ],
    oversize: weighed.some(({ records, characters }) => !fits(records, characters)),
  }
}

function fits(records: number, characters: number): boolean {
  return records <= MAX_RECORDS && characters <= MAX_CHARACTERS
}
