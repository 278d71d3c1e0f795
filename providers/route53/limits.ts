import type { RRset } from '../../records/rr/rrset.js'
import { toValues } from './convert.js'

/** ResourceRecord elements in one ChangeResourceRecordSets request (Developer Guide, "Quotas", read 2026-11). */
export const MAX_RECORDS = 1000
/** Characters of all Value elements in one request. DELETE and CREATE count once, UPSERT twice. */
export const MAX_CHARACTERS = 32_000

/** Characters of one Value as it is sent, quotes and escapes included (API reference, ResourceRecord, read 2026-11). */
const MAX_VALUE = 4000

/** Why Route 53 cannot hold an RRset. */
export function rejects(rrset: RRset): string | undefined {
  const lengths = toValues(rrset).map((value) => value.length)
  const longest = Math.max(0, ...lengths)
  if (longest > MAX_VALUE) return `a value takes ${longest} characters in Route 53, which allows ${MAX_VALUE}`
  const characters = lengths.reduce((sum, length) => sum + length, 0)
  if (characters > MAX_CHARACTERS || lengths.length > MAX_RECORDS)
    return `${lengths.length} values of together ${characters} characters do not go into one request, which takes ${MAX_RECORDS} values and ${MAX_CHARACTERS} characters`
  return undefined
}
